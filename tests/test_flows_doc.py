"""docs/commerce/flows.md leaves out nothing that a flow's file may say, and says nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gateway.commerce.flows import Trigger, parse_flow
from gateway.commerce.flows import conditions as reasons
from gateway.commerce.flows.flow import MEANINGS, Audience
from gateway.commerce.flows.loading import shipped_flows
from gateway.commerce.segments import Segment
from gateway.domain.errors import ContentError

DOC = (Path(__file__).parent.parent / "docs" / "commerce" / "flows.md").read_text("utf-8")


def rows(heading: str) -> dict[str, list[str]]:
    """Return the cells of the table under a heading, by the name in the first."""
    section = DOC.split(f"## {heading}\n")[1].split("\n## ")[0]
    cells = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| `")]
    return {row[0].strip(" `"): [cell.strip() for cell in row[1:]] for row in cells}


def keys() -> set[str]:
    """Return the keys that a flow's file may have, as its parser tells who writes another."""
    with pytest.raises(ContentError) as refused:
        parse_flow("f", 'on = "cart_left"\ntemplate = "t"\nxyzzyxyzzy = 1')
    return set(refused.value.reason.split("there are: ")[1].split(", "))


def test_every_key_is_in_the_table_and_no_other() -> None:
    assert set(rows("The keys")) == keys()


def test_every_trigger_is_in_the_table_and_no_other() -> None:
    assert set(rows("What sets a flow off")) == {trigger.value for trigger in Trigger}


def test_every_condition_is_in_the_table_in_the_words_of_the_program() -> None:
    told = rows("The conditions")
    assert {word: cells[0] for word, cells in told.items()} == {
        word.value: meaning.words for word, meaning in MEANINGS.items()
    }
    assert {word for word, cells in told.items() if cells[1]} == {
        word.value for word, meaning in MEANINGS.items() if meaning.always
    }


def test_every_shipped_flow_is_in_the_table_and_no_other() -> None:
    assert set(rows("The flows that are shipped")) == set(shipped_flows())


@pytest.mark.parametrize(
    "word",
    [
        *Audience,
        *(reasons.TOO_LATE, reasons.TOO_SOON, reasons.OTHER_ORDER, reasons.NOT_IN_SEGMENT),
        *(reasons.NOTHING, reasons.REMOVED, reasons.CHANGED, reasons.NOT),
    ],
)
def test_every_word_that_one_meets_is_told(word: str) -> None:
    assert f"`{word}`" in DOC


def test_the_example_is_a_flow() -> None:
    [example] = re.findall(r"```toml\n(.*?)```", DOC, re.DOTALL)
    flow = parse_flow("example", example)
    assert [arm.name for arm in flow.design.arms] == ["plain", "with-code"]
    assert flow.where is not None
    Segment.parse(flow.where)
