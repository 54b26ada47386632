"""No template runs for long, grows, or reaches what is ours; what is wrong is told by its line."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.wordings import say

from gateway.commerce.templates import MissingValueError, parse_template
from gateway.domain.errors import ContentError


@dataclass(frozen=True)
class Order:
    id: str
    secret: bytes = b"key"


@pytest.mark.parametrize(
    "source",
    [
        "{% for i in range(10**9) %}x{% endfor %}",
        "{{ 'x' * 10**9 }}",
        "{{ 2 ** 10 ** 9 }}",
        "{{ '%999999999d' % 1 }}",
        "{{ 'x'.ljust(10**9) }}",
        "{{ 'x' | center(10**9) }}",
        "{% set a = 'x' %}{% set a = a ~ a %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% include 'x' %}",
        "{% for i in xs recursive %}{{ loop(xs) }}{% endfor %}",
        "{{ lipsum(n=10**6) }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ xs[0:1] }}",
        "{% filter upper %}x{% endfilter %}",
    ],
)
def test_what_could_run_for_long_or_reach_out_is_refused_at_once(source: str) -> None:
    began = time.perf_counter()
    with pytest.raises(ContentError):
        say(source, xs=["a"])
    assert time.perf_counter() - began < 1


def test_loops_in_each_other_are_counted() -> None:
    source = "{% for a in xs %}{% for b in xs %}x{% endfor %}{% endfor %}"
    assert say(source, xs=list("abc")) == "x" * 9
    with pytest.raises(ContentError, match="the loops take more than 200 rounds"):
        say(source, xs=list(range(20)))


def test_a_loop_is_of_a_list_alone() -> None:
    with pytest.raises(ContentError, match="a loop goes through a list"):
        say("{% for a in name %}{{ a }}{% endfor %}", name="Ann")


def test_three_loops_in_each_other_are_too_many() -> None:
    loop = "{% for a in xs %}"
    with pytest.raises(ContentError, match="at most 2 loops"):
        say(loop * 3 + "{% endfor %}" * 3, xs=["a"])


def test_a_text_does_not_grow_without_end() -> None:
    with pytest.raises(ContentError, match="writes more than 2000 characters"):
        say("{{ a }}" * 11, a="x" * 200)


def test_a_file_does_not_grow_without_end() -> None:
    with pytest.raises(ContentError, match="has 8001 characters; right: at most 8000"):
        parse_template("x" * 8001, name="x", language="en")


@pytest.mark.parametrize("source", ["{{" + "(" * 500 + "1" + ")" * 500 + "}}", "{{ 1 if " * 300])
def test_what_is_too_deep_is_refused(source: str) -> None:
    with pytest.raises(ContentError):
        say(source)


def test_only_values_are_read_of_what_is_given() -> None:
    assert say("{{ order.id }}", order=Order("1001")) == "1001"
    for reaching in ("order.__class__", "order.secret", "order.id.upper"):
        with pytest.raises(ContentError):
            say("{{ " + reaching + " }}", order=Order("1001"))


def test_a_value_is_never_a_template() -> None:
    assert say("{{ order.id }}", order={"id": "{{ 7 * 7 }}{% raw %}"}) == "{{ 7 * 7 }}{% raw %}"


def test_an_error_names_what_is_missing_and_its_line() -> None:
    with pytest.raises(MissingValueError) as caught:
        say("Hi,\n\nyour {{ order.total | money }}", order={"id": "1"})
    assert caught.value.value == "order.total"
    assert caught.value.place == "line 3"
    assert 'order.total | default("…")' in str(caught.value)


@pytest.mark.parametrize(
    "nothing",
    [
        None,
        "",
        " \n",
        (),
        float("nan"),
        float("inf"),
        Decimal("1e999999"),
        Decimal("1e-99"),
        10**16,
    ],
)
def test_what_says_nothing_is_missing(nothing: object) -> None:
    assert say("{{ x | default('there') }}", x=nothing) == "there"
    assert say("{% if x %}yes{% else %}no{% endif %}", x=nothing) == "no"
    if nothing != ():
        with pytest.raises(MissingValueError):
            say("{{ x }}", x=nothing)


def test_a_part_of_what_is_missing_falls_back() -> None:
    assert (
        say("{{ order.total | default('-') }}{{ items[3].name | default('-') }}", items=[]) == "--"
    )


@pytest.mark.parametrize(
    ("source", "line"),
    [("a\n{% if %}", 2), ("\n\n{{ a | mony }}", 3), ("{% endfor %}", 1), ("a\n{{ a", 2)],
)
def test_a_mistake_is_told_with_its_line(source: str, line: int) -> None:
    with pytest.raises(ContentError) as caught:
        parse_template(source, name="x", language="en")
    assert caught.value.place == f"line {line}"


def test_a_filter_that_is_not_there_is_told_with_the_nearest() -> None:
    with pytest.raises(ContentError, match="no filter 'mony'; did you mean 'money'"):
        say("{{ a | mony }}")


def test_what_has_parts_is_no_text() -> None:
    with pytest.raises(ContentError, match="that is no text but has parts"):
        say("{{ order }}", order={"id": "1"})


def test_what_cannot_be_compared_is_an_error_with_its_line() -> None:
    with pytest.raises(ContentError, match="line 2: does not fit"):
        say("\n{{ a > 3 }}", a="x")


_PIECES = ["{{", "}}", "{%", "%}", " if ", " for x in ", "a", "b", "|", "money", "(", ")", "endif"]
_PIECES += [
    "default",
    "'",
    "else",
    "endfor",
    ".",
    "[0]",
    "list",
    "~",
    "1",
    " in ",
    "not ",
    "{#",
    "#}",
]


@given(st.lists(st.sampled_from(_PIECES), max_size=12).map("".join))
def test_whatever_is_written_is_said_or_refused(source: str) -> None:
    try:
        text = say("x" + source, a="Ann", b=[{"a": 1}])
    except ContentError:
        return
    assert text.startswith("x")


@given(st.text(max_size=300))
def test_whatever_a_value_holds_it_is_one_line_without_control_characters(value: str) -> None:
    text = say("[{{ x | default('none') }}]", x=value)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    assert len(text) <= 202


@pytest.mark.parametrize(
    "name",
    [
        "Win at http://evil.example",
        "call 0900 123456",
        "evil.example/x",
        "x" * 41,
        "<b>",
        "50% off",
    ],
)
def test_what_is_no_name_does_not_stand_in_the_place_of_one(name: str) -> None:
    assert say("Hi {{ first_name | default('there') }}", first_name=name) == "Hi there"
    assert say("{{ person.first_name | default('-') }}", person={"first_name": name}) == "-"


@pytest.mark.parametrize("name", ["Anne-Marie", "D'Arcy", "José Ángel", "Дарья", "J.R.", "美咲"])
def test_names_are_names(name: str) -> None:
    assert say("{{ first_name }}", first_name=name) == name
