"""docs/compliance.md tells the truth: which rule is kept where, and by which test."""

from __future__ import annotations

import pytest
from support.compliance import PAGE, Found, Mark, faults, look, read_marks, read_rules, render

FOUND = look()

TABLE = """
[G-1]
section = "GDPR"
asks = "Proof."
does = "A ledger."

[G-2]
section = "GDPR"
asks = "Purposes | apart."
does = "As it says."
later = "There is none yet."
"""


def found(*marks: Mark, table: str = TABLE) -> Found:
    return Found(rules=read_rules(table), marks=marks, mentions={"G-1": {"gateway/db/consent.py"}})


def marks(text: str) -> tuple[list[Mark], list[str]]:
    wrong: list[str] = []
    return list(read_marks(text, "tests/test_a.py", wrong)), wrong


def mark(rule: str, test: str = "test_a") -> Mark:
    return Mark(file="tests/test_a.py", test=test, rule=rule)


def test_every_rule_has_a_test_and_every_mark_a_rule() -> None:
    assert FOUND.wrong == []


def test_the_page_is_of_today() -> None:
    """When it fails: `make compliance`."""
    assert PAGE.read_text(encoding="utf-8") == render(FOUND)


def test_marks_are_found_wherever_they_stand() -> None:
    text = """
import pytest
pytestmark = [pytest.mark.asyncio, pytest.mark.rule("G-1")]

@pytest.mark.rule("G-2", "G-3")
async def test_a(): ...

@pytest.mark.rule("G-4")
class TestB:
    @pytest.mark.rule("G-5")
    def test_c(self): ...

@pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.rule("G-6"))])
def test_d(x): ...
"""
    read, wrong = marks(text)
    assert wrong == []
    assert sorted(read, key=lambda one: one.rule) == [
        mark("G-1", ""),
        mark("G-2"),
        mark("G-3"),
        mark("G-4", "TestB"),
        mark("G-5", "TestB.test_c"),
        mark("G-6", "test_d"),
    ]


def test_a_mark_that_cannot_be_read_is_named() -> None:
    text = "@mark.rule(RULE)\ndef test_a(): ...\n@mark.rule()\ndef test_b(): ...\n"
    assert marks(text) == (
        [],
        ["tests/test_a.py:1: RULE is no id of a rule", "tests/test_a.py:3: a rule has no id"],
    )


def test_a_rule_needs_a_test_or_an_excuse_and_not_both() -> None:
    assert list(faults(found(mark("G-1")))) == []
    assert list(faults(found())) == [
        "G-1 has no test; mark one, or say why in docs/compliance.toml: later"
    ]
    assert list(faults(found(mark("G-1"), mark("G-2")))) == [
        "G-2 has a test; take its `later` out of docs/compliance.toml"
    ]


def test_an_unknown_rule_is_named() -> None:
    assert list(faults(found(mark("G-1"), mark("G-99")))) == [
        "tests/test_a.py: test_a holds G-99, which is no rule"
    ]


@pytest.mark.parametrize("line", ['oops = "x"', ""])
def test_a_row_has_what_the_page_shows(line: str) -> None:
    with pytest.raises((ValueError, TypeError)):
        read_rules(f'[G-1]\nasks = "a"\ndoes = "b"\n{line}')


def test_the_page_shows_rule_behaviour_files_and_tests() -> None:
    page = render(found(mark("G-1"), mark("G-1", "test_b")))
    assert (
        "| G-1 | Proof. | A ledger. | [db/consent.py](../gateway/db/consent.py) "
        "| [tests/test_a.py](../tests/test_a.py) `test_a`, `test_b` |\n"
    ) in page
    assert "| G-2 | Purposes \\| apart. | As it says. |  | none: There is none yet. |\n" in page
