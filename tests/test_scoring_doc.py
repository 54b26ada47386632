"""docs/scoring.md names commands, columns and models that there are, and leaves none out."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command

from gateway.cli.entry import app
from scoring.pipeline.findings import GROWING
from scoring.pipeline.registry import PARTS
from scoring.schema import SCORES

DOC = (Path(__file__).parent.parent / "docs" / "scoring.md").read_text(encoding="utf-8")
LINES = re.findall(r"^shopbell [^#\n]+", DOC, re.MULTILINE)
INLINE = re.findall(r"`(shopbell [^`]+)`", DOC)


def _command(words: list[str]) -> tuple[list[str], set[str]]:
    """Return the words of a line up to its arguments, and the options that its command takes."""
    here, said = get_command(app), []
    for word in words:
        under = getattr(here, "commands", {})
        if word not in under:
            break
        here = under[word]
        said.append(word)
    return said, {name for parameter in here.params for name in parameter.opts}


@pytest.mark.parametrize("line", [*LINES, *INLINE])
def test_a_command_that_is_named_exists_with_its_options(line: str) -> None:
    for part in line.split("||"):
        words = shlex.split(part)[1:]
        said, options = _command(words)
        assert len(said) == 2, part
        assert {word for word in words if word.startswith("--")} <= options


def test_it_shows_the_way_in_five_commands() -> None:
    first = DOC.split("```sh")[1].split("```")[0]
    assert len(re.findall(r"^shopbell ", first, re.MULTILINE)) == 5


def test_every_command_of_the_group_is_told() -> None:
    group = get_command(app).commands["score"]  # type: ignore[attr-defined]
    for name in group.commands:
        assert f"shopbell score {name}" in DOC


def test_every_column_of_the_scores_is_told() -> None:
    told = DOC.split("## What each column means")[1].split("## How")[0]
    for column in SCORES.columns:
        if column.name not in ("store", "person_id"):
            assert f"`{column.name}`" in told


def test_every_model_is_told() -> None:
    told = DOC.split("## What there must be")[1].split("## What each")[0]
    for part in PARTS:
        assert f"| `{part.name}` |" in told


def test_features_that_are_no_reason_are_named() -> None:
    for name in GROWING:
        assert f"`{name}`" in DOC
