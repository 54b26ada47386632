"""The files of a shop: what is right is read, and what is wrong is named with what would be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from gateway.domain.content import MOST_OCTETS, Fields, read_content, standing_in
from gateway.domain.errors import ContentError

BERLIN = ZoneInfo("Europe/Berlin")


class Timing(StrEnum):
    NOW = "now"
    LATER = "later"


def test_an_instant_without_an_offset_is_on_the_wall_of_the_shop() -> None:
    fields = Fields.of("a = 2026-11-27T09:00:00\nb = 2026-11-27T09:00:00-05:00")
    assert fields.instant("a", BERLIN) == datetime(2026, 11, 27, 8, tzinfo=UTC)
    assert fields.instant("b", BERLIN) == datetime(2026, 11, 27, 14, tzinfo=UTC)


def test_what_is_absent_is_none_or_the_default() -> None:
    fields = Fields.of("")
    assert fields.text("a") is None
    assert fields.number("a") is None
    assert fields.instant("a", BERLIN) is None
    assert fields.texts("a") == ()
    assert fields.tables("a") == []
    assert fields.table("a") is None
    assert fields.duration("a") is None
    assert fields.flag("a", default=True)
    assert fields.word("a", Timing, Timing.NOW) is Timing.NOW


def test_values_are_read() -> None:
    fields = Fields.of(
        't = " x "\nn = 1\nw = "later"\nd = "45m"\nf = false\nl = ["a"]\ni = 3\n[s]\nx = 1'
    )
    assert fields.text("t") == "x"
    assert fields.number("n") == 1.0
    assert fields.word("w", Timing, Timing.NOW) is Timing.LATER
    assert fields.duration("d") == timedelta(minutes=45)
    assert fields.flag("f", default=True) is False
    assert fields.texts("l") == ("a",)
    assert fields.whole("i", 0, 3) == 3
    table = fields.table("s")
    assert table is not None
    assert table.number("x") == 1
    fields.end()


@pytest.mark.parametrize(
    ("read", "said"),
    [
        (lambda f: f.text("n"), "n: is 1; right: a text"),
        (lambda f: f.text("blank"), "blank: is ' '; right: a text"),
        (lambda f: f.required("gone", "x"), 'gone: is missing; write one such as gone = "x"'),
        (lambda f: f.number("t"), "t: is 'x'; right: a number"),
        (lambda f: f.number("yes"), "yes: is True; right: a number"),
        (lambda f: f.whole("n", 2, 3), "n: is 1; right: a whole number from 2 to 3"),
        (lambda f: f.flag("n", default=True), "n: is 1; right: true or false"),
        (lambda f: f.word("t", Timing, Timing.NOW), 't: is \'x\'; right: "now", "later"'),
        (lambda f: f.duration("t"), "t: 'x' is no length of time"),
        (lambda f: f.instant("t", BERLIN), "t: is 'x'; right: date and time without quotes"),
        (lambda f: f.texts("t"), "t: is 'x'; right: a list of texts"),
        (lambda f: f.table("t"), "t: is 'x'; right: a table"),
        (lambda f: f.tables("t"), "t: is 'x'; right: tables"),
    ],
)
def test_what_is_wrong_is_said_with_what_would_be_right(
    read: Callable[[Fields], object], said: str
) -> None:
    with pytest.raises(ContentError) as caught:
        read(Fields.of('t = "x"\nn = 1\nyes = true\nblank = " "'))
    assert str(caught.value).startswith(said)


def test_a_slip_of_the_keyboard_is_told_from_a_key_that_there_is_not() -> None:
    fields = Fields.of("templte = 1")
    fields.get("template")
    with pytest.raises(ContentError, match='templte: is no key; do you mean "template"'):
        fields.end()
    fields = Fields.of("colour = 1")
    fields.get("template")
    with pytest.raises(ContentError, match="colour: is no key; there are: template"):
        fields.end()


def test_a_mistake_within_a_table_names_the_table() -> None:
    [_, second] = Fields.of("[[arm]]\n[[arm]]\nweight = 'x'").tables("arm")
    with pytest.raises(ContentError, match="arm 2: weight: is 'x'"):
        second.number("weight")


def test_a_file_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="is no TOML"):
        Fields.of("a = ")
    file = tmp_path / "a.toml"
    with pytest.raises(ContentError, match=r"a\.toml: cannot be read"):
        read_content(file)
    file.write_bytes(b"\xff")
    with pytest.raises(ContentError, match=r"a\.toml: is not UTF-8"):
        read_content(file)
    file.write_bytes(b"#" * (MOST_OCTETS + 1))
    with pytest.raises(ContentError, match="longer than 256 KiB"):
        read_content(file)


def test_an_error_of_a_parser_is_given_its_file() -> None:
    with pytest.raises(ContentError) as caught, standing_in(Path("x.toml")):
        raise ContentError("is wrong", place="a")
    assert str(caught.value) == "x.toml: a: is wrong"
