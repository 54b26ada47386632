"""What a full storage means is decided from numbers alone (MODEMS.md 4.11)."""

from __future__ import annotations

import pytest

from gateway.at import read_final
from gateway.domain.failures import says_full
from gateway.modem.receive.filling import Fill, complaint, is_over


@pytest.mark.parametrize(
    ("used", "total", "at_half", "alarming"),
    [
        (0, 50, False, False),
        (24, 50, False, False),
        (25, 50, True, False),
        (39, 50, True, False),
        (40, 50, True, True),
        (50, 50, True, True),
        (7, 5, True, True),
        (1, 1, True, True),
        (10**18, 0, False, False),
        (0, 10**18, False, False),
    ],
)
def test_bounds(used: int, total: int, at_half: bool, alarming: bool) -> None:
    fill = Fill(used=used, total=total)
    assert (fill.at_half, fill.alarming) == (at_half, alarming)
    assert (complaint({"SM": fill}) is not None) is alarming
    assert is_over({"SM": fill}) is not at_half


def test_complaint_names_what_would_help() -> None:
    fills = {
        "SM": Fill(used=45, total=50, foreign=40),
        "ME": Fill(used=1, total=99),
        "SR": Fill(used=5, total=5),
    }
    told = complaint(fills)
    assert told is not None
    assert "SM holds 45 of 50" in told
    assert "40 are drafts or sent copies" in told
    assert "5 are not given up" in told
    assert "SR holds 5 of 5" in told
    assert "ME" not in told
    drafts_alone = complaint({"SM": Fill(used=45, total=50, foreign=45)})
    assert drafts_alone is not None
    assert "not given up" not in drafts_alone


@pytest.mark.parametrize(
    ("line", "full"),
    [
        ("+CMS ERROR: 322", True),
        ("+CMS ERROR: 208", True),
        ("+CMS ERROR: memory full", True),
        ("+CMS ERROR: 321", False),
        ("+CME ERROR: 322", False),
        ("OK", False),
    ],
)
def test_results_that_say_full(line: str, full: bool) -> None:
    assert says_full(read_final(line)) is full
    assert not says_full(None)
