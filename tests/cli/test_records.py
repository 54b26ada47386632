"""The records of processing say what the data map says, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.command import Shopbell

from gateway.consent.datamap import DATA_MAP

PAGE = Path(__file__).parent.parent.parent / "docs" / "records-of-processing.md"


@pytest.mark.rule("G-16")
def test_the_page_is_what_the_command_writes(shopbell: Shopbell) -> None:
    """When it fails: `make compliance`."""
    done = shopbell("person", "records", "--example")
    assert (done.code, done.err) == (0, "")
    assert done.out == PAGE.read_text(encoding="utf-8")


@pytest.mark.rule("G-16")
def test_everything_that_is_kept_of_a_person_is_recorded(shopbell: Shopbell) -> None:
    rows = shopbell("person", "records").out.splitlines()
    for holding in DATA_MAP:
        row = f"| {holding.purpose} | {holding.data} | {holding.kind} {holding.place} |"
        recorded = [each for each in rows if each.startswith(row)]
        assert len(recorded) == int(holding.personal), holding.place
        assert all(each.count(" | ") == 6 for each in recorded)


@pytest.mark.rule("G-16")
def test_it_is_of_these_stores_and_these_periods(shopbell: Shopbell, config: Path) -> None:
    config.write_text(config.read_text() + 'brand = "Acme Tea"\n[retention]\ntext_days = 7\n')
    told = shopbell("person", "records").out
    assert "| Acme Tea | GB | … |\n" in told
    assert " | 7 days | " in told
    assert " | 90 days | " not in told
