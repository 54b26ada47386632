"""The scanner finds what it is there for, and does not cry over what is no number."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.scanner import numbers_in

from gateway.domain.redaction import redact_event, redact_text

PERSON = "+447700900123"
EXAMPLES = [
    phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    for region in sorted(phonenumbers.SUPPORTED_REGIONS)
    if (
        example := phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    )
]
FORMS = (phonenumbers.PhoneNumberFormat.E164, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


@pytest.mark.rule("G-14")
@pytest.mark.parametrize(
    "text",
    [
        PERSON,
        "to=+44 7700 900123,",
        '{"to": "07700 900123"}',
        "447700900123: refused",
        "(07700) 900-123",
        "0791447700091032F",
    ],
)
def test_a_number_is_found_however_it_is_written(text: str) -> None:
    assert numbers_in(text, [PERSON])


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23T09:00:05.123456Z",
        "2026-11-23T09:00:05+00:00",
        "127.0.0.1:18830",
        "+44******23",
        "order-1001234567",
        "usb-0123456789ab",
    ],
)
def test_what_is_no_number_is_let_be(text: str) -> None:
    assert numbers_in(text, [PERSON]) == []


@pytest.mark.rule("G-14")
@given(
    number=st.sampled_from(EXAMPLES),
    form=st.sampled_from(FORMS),
    before=st.text(max_size=4),
    after=st.text(st.characters(exclude_categories=["Nd"]), max_size=4),
)
def test_the_redactor_leaves_no_number_of_any_country(
    number: str, form: int, before: str, after: str
) -> None:
    """Whatever stands around it: an error's colon, a quote, a letter."""
    written = phonenumbers.format_number(phonenumbers.parse(number), form)
    assert numbers_in(redact_text(f"{before}{written}{after}"), [number]) == []


@pytest.mark.rule("G-14")
@given(number=st.sampled_from(EXAMPLES), depth=st.integers(0, 3))
def test_the_redactor_looks_into_whatever_is_logged(number: str, depth: int) -> None:
    value: object = f"no route to {number}: none"
    for _ in range(depth):
        value = {"told": [value, {number}]}
    shown = redact_event(None, "info", {"value": value, "error": ValueError(number)})
    assert numbers_in(repr(shown), [number]) == []


@pytest.mark.rule("G-14")
def test_no_error_and_no_event_is_made_of_a_number() -> None:
    """The redactor is the last station; before it nothing should need it."""
    root = Path(__file__).parent.parent
    sources = sorted((root / "gateway").rglob("*.py"))
    assert [f"{path.relative_to(root)}:{line}" for path in sources for line in told_in(path)] == []


@pytest.mark.parametrize(
    "line",
    [
        'raise ModemError(f"no route to {recipient}")',
        'raise ModemError(f"no route to {job.recipient!r}")',
        'log.warning("lost", to=job.recipient)',
        'log.warning(f"lost {sender}")',
    ],
)
def test_such_an_error_would_be_found(line: str, tmp_path: Path) -> None:
    source = tmp_path / "a.py"
    source.write_text(line)
    assert list(told_in(source)) == [1]


NUMBERS = {"recipient", "sender", "originator", "phone", "msisdn", "e164"}
"""What variables are called that hold a person's number."""


def told_in(source: Path) -> Iterator[int]:
    """Yield the lines in which an error or a log event is made of a person's number."""
    for call in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and tells(call) and any(map(names_one, told_by(call))):
            yield call.lineno


def tells(call: ast.Call) -> bool:
    called = ast.unparse(call.func)
    return called.endswith("Error") or called.startswith("log.")


def told_by(call: ast.Call) -> Iterator[ast.AST]:
    for node in ast.walk(call):
        if isinstance(node, ast.FormattedValue):
            yield from ast.walk(node.value)
    if ast.unparse(call.func).startswith("log."):
        for keyword in call.keywords:
            yield from ast.walk(keyword.value)


def names_one(node: ast.AST) -> bool:
    name = getattr(node, "attr", None) or getattr(node, "id", None)
    return name in NUMBERS
