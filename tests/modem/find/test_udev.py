"""The udev rules: what they know of sticks, and whether udev would read them."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

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


WORD = re.compile(
    r"(ACTION|SUBSYSTEM|SUBSYSTEMS|DRIVERS|KERNEL|TEST|GOTO|LABEL|SYMLINK|ATTR\{[\w/]+\}|ENV\{\w+\})"
    r'(==|!=|\+=|=)"([^"]*)"'
)
"""A key, what is done with it, and a value (udev(7))."""


def lines() -> list[str]:
    text = RULES.read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def test_every_line_is_made_of_keys_operators_and_values() -> None:
    for line in lines():
        words = [word.strip() for word in line.split(", ")]
        assert all(WORD.fullmatch(word) for word in words), line


def test_they_sort_behind_what_they_ask_for_and_before_modem_manager() -> None:
    assert sorted([RULES.name, "60-serial.rules", "77-mm-usb.rules", "80-mm-candidate.rules"]) == [
        "60-serial.rules",
        RULES.name,
        "77-mm-usb.rules",
        "80-mm-candidate.rules",
    ]


def test_a_port_is_named_by_where_it_is_plugged_in_and_by_its_function() -> None:
    """`$id` is the USB path by which the gateway knows a stick, too: /dev/shopbell/1-1.2-if02."""
    [line] = [line for line in lines() if "SYMLINK" in line]
    assert 'SUBSYSTEMS=="usb"' in line
    assert 'DRIVERS=="usb"' in line
    assert 'SYMLINK+="shopbell/$id-if$env{ID_USB_INTERFACE_NUM}"' in line


def test_udev_itself_finds_nothing_wrong() -> None:
    udevadm = shutil.which("udevadm")
    if udevadm is None:
        pytest.skip("udevadm is not installed")
    done = subprocess.run(
        [udevadm, "verify", "--no-summary", str(RULES)], capture_output=True, text=True, check=False
    )
    if "Unknown command verb" in done.stderr:
        pytest.skip("this udevadm, before 254, knows no verify")
    assert done.returncode == 0, done.stdout + done.stderr
