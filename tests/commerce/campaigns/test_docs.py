"""The page on campaigns has every key that a file may have, and no other."""

from __future__ import annotations

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from gateway.commerce.campaigns.engine import AHEAD
from gateway.commerce.campaigns.parsing import MOST_CANARIES, parse_campaign
from gateway.commerce.campaigns.planned import MOST
from gateway.db.commerce.campaigns import CampaignState
from gateway.domain.errors import ContentError

PAGE = (Path(__file__).parents[3] / "docs/commerce/campaigns.md").read_text()
LEAST = 'segment = "vip"\ntemplate = "sale"\n'


def known(table: str) -> set[str]:
    """Return the keys of a table, as the parser itself names them."""
    with pytest.raises(ContentError) as caught:
        parse_campaign("spring", LEAST + table + "qqq = 1", ZoneInfo("UTC"))
    return set(caught.value.reason.partition("there are: ")[2].split(", "))


def told(heading: str) -> set[str]:
    """Return the first column of the first table under a heading."""
    rows = PAGE.partition(f"{heading}\n")[2].partition("|---")[2].splitlines()[1:]
    found: set[str] = set()
    for row in rows:
        match = re.match(r"\| `(\w+)` \|", row)
        if match is None:
            break
        found.add(match[1])
    return found


@pytest.mark.parametrize(
    ("heading", "table"),
    [
        ("## The file", ""),
        ("### `[[arm]]`", '[[arm]]\nname = "a"\n'),
        ("### `[canary]`", '[canary]\nnumbers = ["+447700900001"]\n'),
    ],
)
def test_every_key_is_told_and_no_other(heading: str, table: str) -> None:
    # What is a table of its own has a heading of its own.
    assert told(heading) == known(table) - {"arm", "canary"}


def test_every_state_is_told() -> None:
    assert told("## While it runs") == set(CampaignState)


def test_the_figures_are_those_of_the_code() -> None:
    for figure in (AHEAD, MOST, MOST_CANARIES):
        assert f"{figure:,}" in PAGE
