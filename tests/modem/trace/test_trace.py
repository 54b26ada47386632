"""The form of a trace: what was written comes back octet by octet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.modem.trace.trace import (
    Entry,
    Side,
    TraceError,
    read_trace,
    write_entry,
    write_remark,
    write_source,
)

ENTRIES = st.builds(
    Entry,
    side=st.sampled_from(Side),
    data=st.binary(max_size=60).map(lambda data: data + b"\r"),
    at=st.none() | st.integers(0, 10**6).map(lambda milliseconds: milliseconds / 1000),
)


@given(st.lists(ENTRIES, max_size=8))
def test_what_was_recorded_is_read_back(entries: list[Entry]) -> None:
    text = write_source("a test") + write_remark("port opened") + "".join(map(write_entry, entries))
    assert text.isascii()
    trace = read_trace(text)
    assert trace.source == "a test"
    assert list(trace.entries) == entries


@pytest.mark.parametrize(
    ("line", "data"),
    [
        ("<< OK", b"OK\r\n"),
        ("<<", b"\r\n"),
        ("<< >", b"> "),
        ("<< > <CR><LF>", b"> \r\n"),
        ("<< ERROR                                  [even ATZ fails]", b"ERROR\r\n"),
        (">> AT+CSQ", b"AT+CSQ\r"),
        (">> Body<00><SUB>                  [0x00 is @]", b"Body\0\x1a"),
        (">> <ESC>", b"\x1b"),
        ("<< +CMGS: <ref>", b"+CMGS: <ref>\r\n"),
    ],
)
def test_what_a_person_typed_is_read(line: str, data: bytes) -> None:
    (entry,) = read_trace(f"# source: somebody\n{line}\n").entries
    assert (entry.data, entry.at) == (data, None)


def test_a_prompt_keeps_its_blank() -> None:
    """Editors cut blanks off the ends of lines."""
    prompt = Entry(side=Side.MODEM, data=b"\r\n> ", at=1.5)
    assert write_entry(prompt) == "<< <CR><LF>><20>  [1.500]\n"


def test_what_is_no_trace_is_refused() -> None:
    with pytest.raises(TraceError, match="# source"):
        read_trace("hello\n")
