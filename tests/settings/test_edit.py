"""The configuration changed for its operator: a table more or less, and all else stays."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.errors import ConfigurationError
from gateway.settings.edit import add_store, add_to_section, remove_store

FILE = """\
# My box
[gateway]  # g
node = "box-1"

# Acme was first
[[store]] # eol
name = "acme" # eol
country = "GB"
# about acme

# the second shop
[[store]]
name = "books"
country = "GB"

# the stick
[[modem]]
name = "m0"
routes = [
  "+44",
]
# the end
"""
NEW = {"name": "new", "country": "FR"}


def names(text: str) -> list[str]:
    return [store["name"] for store in tomllib.loads(text).get("store", [])]


def test_a_store_is_added_at_the_end_and_nothing_else_changes() -> None:
    assert add_store(FILE, NEW) == f'{FILE}\n[[store]]\nname = "new"\ncountry = "FR"\n'


def test_a_store_is_taken_out_and_every_comment_around_it_stays() -> None:
    without = remove_store(FILE, "acme")
    assert names(without) == ["books"]
    kept = [line for line in FILE.splitlines() if line not in without.splitlines()]
    assert kept == ["[[store]] # eol", 'name = "acme" # eol']
    assert without.index("# about acme") < without.index("# the second shop")


def test_the_last_store_can_go_and_another_can_come() -> None:
    empty = remove_store(remove_store(FILE, "acme"), "books")
    assert "store" not in tomllib.loads(empty)
    assert names(add_store(empty, NEW)) == ["new"]


def test_stores_that_stand_apart_are_told_from_each_other() -> None:
    text = '[[store]]\nname = "a"\n[mqtt]\nurl = "x"\n[[store]]\nname = "b"\n[store.more]\nx = 1'
    assert remove_store(text, "b") == '[[store]]\nname = "a"\n[mqtt]\nurl = "x"\n'
    assert remove_store(text, "a").startswith('[mqtt]\nurl = "x"\n[[store]]\nname = "b"\n')


def test_line_ends_stay_what_they_are() -> None:
    crlf = FILE.replace("\n", "\r\n")
    assert "\n" not in add_store(crlf, NEW).replace("\r\n", "")
    assert remove_store(add_store(crlf, NEW), "new") == f"{crlf}\r\n"


def test_keys_are_added_at_the_head_of_a_section() -> None:
    changed = add_to_section(FILE, "gateway", {"country": "GB"})
    assert changed == FILE.replace('node = "box-1"', 'country = "GB"\nnode = "box-1"')


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda: add_store('store = [{name = "a"}]\n', NEW), "write at its end: [[store]]; name ="),
        (lambda: remove_store('store = [{name = "a"}]\n', "a"), "take the table of a out by hand"),
        (lambda: add_to_section('mqtt.url = "x"\n', "mqtt", {"a": "b"}), 'under [mqtt]: a = "b"'),
        (lambda: add_to_section(FILE, "gateway", {"node": "x"}), "under [gateway]"),
        (lambda: remove_store('x = """\n[[store]]\n"""\n[[store]]\nname = "a"', "a"), "by hand"),
    ],
)
def test_what_is_written_otherwise_is_left_to_its_operator(change: Any, words: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        change()
    assert words in str(refused.value)


REMARKS = st.sampled_from(["", "# [[store]]", "   # name = 1", "\t"])
VALUES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)


@st.composite
def _files(draw: st.DrawFn) -> tuple[str, list[str]]:
    """Return a configuration, and the stores in it, between remarks and other tables."""
    lines: list[str] = []
    stores: list[str] = []
    for number in range(draw(st.integers(0, 5))):
        lines += draw(st.lists(REMARKS, max_size=2))
        if draw(st.booleans()):
            lines += [draw(st.sampled_from(["[[store]]", " [[ store ]] # x", '[["store"]]']))]
            stores.append(f"s{number}")
            lines += [*draw(st.lists(REMARKS, max_size=2)), f'name = "s{number}"']
        else:
            lines += ["[[modem]]", f'name = "m{number}"', 'routes = [\n["+1"],\n]']
    end = draw(st.sampled_from(["", "\n", "\n\n", "\n# end"]))
    return "\n".join(lines) + end, stores


@given(_files(), VALUES)
def test_any_file_gets_a_store_more_and_keeps_each_line(
    file: tuple[str, list[str]], zone: str
) -> None:
    text, stores = file
    fields = {"name": "new", "timezone": zone}
    try:
        more = add_store(text, fields)
    except ConfigurationError:  # a sign that TOML writes otherwise than JSON: refused, not broken
        assert not zone.isprintable()
        return
    assert more.startswith(text)
    assert names(more) == [*stores, "new"]
    assert tomllib.loads(more)["store"][-1] == fields


@given(_files(), st.data())
def test_any_store_goes_and_every_remark_outside_of_it_stays(
    file: tuple[str, list[str]], data: st.DataObject
) -> None:
    text, stores = file
    if not stores:
        return
    gone = data.draw(st.sampled_from(stores))
    less = remove_store(text, gone)
    assert names(less) == [store for store in stores if store != gone]
    assert tomllib.loads(less).get("modem") == tomllib.loads(text).get("modem")
    left = iter(text.splitlines())
    assert all(line in left for line in less.splitlines()), "lines were changed or moved"
