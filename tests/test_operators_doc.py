"""docs/operators.md leaves out no key, no state and no alarm that an operator can meet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gateway.domain.alarms import AlarmKind, severity_of
from gateway.modem import ModemState
from gateway.settings.model import SECTIONS

DOC = (Path(__file__).parent.parent / "docs" / "operators.md").read_text(encoding="utf-8")
ALARMS = (Path(__file__).parent.parent / "docs" / "alarms.md").read_text(encoding="utf-8")
FIRST_CELLS = re.findall(r"^\| (`[^|]+) \|", DOC, re.MULTILINE)
NAMED = {name for cell in FIRST_CELLS for name in re.findall(r"`(\w+)`", cell)}

IN_PROSE = {"password", "smtp_password", "webhook_secret"}
"""What is told beside its better half."""


@pytest.mark.parametrize("section", SECTIONS)
def test_every_key_is_in_a_table(section: str) -> None:
    assert set(SECTIONS[section].model_fields) - IN_PROSE <= NAMED


@pytest.mark.parametrize("kinds", [AlarmKind, ModemState])
def test_every_alarm_and_every_state_is_in_a_table(
    kinds: type[AlarmKind] | type[ModemState],
) -> None:
    assert {kind.value for kind in kinds} <= NAMED


def test_every_alarm_has_a_row_that_says_how_soon_somebody_has_to_look() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (warning|critical) \|", ALARMS, re.MULTILINE))
    assert rows == {kind.value: severity_of(kind).value for kind in AlarmKind}
