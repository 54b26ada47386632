"""The rules that keep ModemManager away know every stick that the profiles know."""

from __future__ import annotations

import re
from pathlib import Path

from gateway.modem.known.profiles import load_profiles

RULES = Path(__file__).parents[3] / "hardware" / "udev" / "76-shopbell.rules"

ENTRY = re.compile(
    r'^ATTR\{idVendor\}=="([0-9a-f]{4})", ATTR\{idProduct\}=="([0-9a-f]{4})", '
    r'GOTO="shopbell_stick"$',
    re.MULTILINE,
)


def test_every_usb_id_of_the_profiles_is_kept_from_modem_manager() -> None:
    rules = RULES.read_text(encoding="utf-8")
    listed = [":".join(match) for match in ENTRY.findall(rules)]
    known = {usb for profile in load_profiles().values() for usb in profile.match.usb}
    assert set(listed) == known
    assert len(listed) == len(set(listed))
    assert rules.count('ENV{ID_MM_DEVICE_IGNORE}="1"') == 1


def test_every_jump_of_the_rules_has_its_label() -> None:
    rules = RULES.read_text(encoding="utf-8")
    jumps = set(re.findall(r'GOTO="(\w+)"', rules))
    assert jumps == set(re.findall(r'LABEL="(\w+)"', rules))
