"""docs/commerce/segments.md has the view of people as the code has it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from gateway.commerce.segments import Segment, tables
from gateway.commerce.segments.file import parse_segments

DOC = (Path(__file__).parent.parent / "docs/commerce/segments.md").read_text(encoding="utf-8")


def test_every_column_and_function_is_in_its_table() -> None:
    """`gateway.commerce.segments.tables` prints both."""
    assert tables.columns() in DOC
    assert tables.functions() in DOC


def test_its_examples_are_right() -> None:
    [written] = re.findall(r"```toml\n(.*?)```", DOC, re.DOTALL)
    segments, faults = parse_segments(written)
    assert faults == []
    assert list(segments) == list(tomllib.loads(written))
    for condition in re.findall(r'--where "([^"]+)"', DOC):
        Segment.parse(condition)


def test_the_figures_are_of_conditions_that_can_be_asked() -> None:
    asked = re.findall(r"^\| `([^`]+)` \| [\d.]+ \|", DOC, re.MULTILINE)
    assert asked
    for condition in asked:
        Segment.parse(condition)
