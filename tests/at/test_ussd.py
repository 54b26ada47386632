"""``+CUSD``: read in every form that modems write it in, also over several lines."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.at import (
    Event,
    Line,
    Parser,
    Unsolicited,
    UssdSaid,
    UssdState,
    read_ussd,
    request,
    ussd_command,
)
from gateway.at.quoted import MAX_LINES, MAX_TEXT

MENU = '+CUSD: 1,"You have:\n0 free minutes\n20 MORE Weekend minutes",15'


def parse(wire: bytes, command: str = 'AT+CUSD=1,"*100#",15') -> list[Event]:
    parser = Parser()
    parser.begin(request(command))
    return parser.feed(wire)


def texts(events: list[Event]) -> list[str]:
    return [event.text for event in events if isinstance(event, Line | Unsolicited)]


@pytest.mark.parametrize(
    ("line", "state", "text", "coding"),
    [
        ('+CUSD: 0,"Balance 5",15', UssdState.DONE, "Balance 5", 15),
        ('+CUSD:1,"Balance 5" , 0', UssdState.MENU, "Balance 5", 0),
        ('+CUSD: 2, "Balance 5"', UssdState.ENDED, "Balance 5", None),
        ("+CUSD: 0, 49B41C74ACD3", UssdState.DONE, "49B41C74ACD3", None),
        ("+CUSD: 0,49B41C74ACD3,15", UssdState.DONE, "49B41C74ACD3", 15),
        ("+CUSD: 0,Balance 5,72", UssdState.DONE, "Balance 5,72", None),
        ('+CUSD: 0,"Balance 5,72', UssdState.DONE, "Balance 5,72", None),
        ('+CUSD: 0,Balance 5",72', UssdState.DONE, "Balance 5", 72),
        ('+CUSD: 0,"Say "hi", please",15', UssdState.DONE, 'Say "hi", please', 15),
        ('+CUSD: 0,"",15', UssdState.DONE, "", 15),
        ("+CUSD: 3", UssdState.ELSEWHERE, "", None),
        ("+CUSD: 4,", UssdState.UNSUPPORTED, "", None),
        ("+CUSD: 5", UssdState.TIMEOUT, "", None),
    ],
)
def test_every_writing_is_read(line: str, state: UssdState, text: str, coding: int | None) -> None:
    assert read_ussd(line) == UssdSaid(state=state, text=text, coding=coding)


@pytest.mark.parametrize("line", ["", "+CUSD", "+CUSD:", "+CUSD: x", "+CUSD: 9", "+CREG: 1"])
def test_anything_else_is_none(line: str) -> None:
    assert read_ussd(line) is None


@given(st.text(max_size=300))
def test_any_line_is_survived(text: str) -> None:
    read_ussd(text)
    read_ussd(f"+CUSD: 0,{text}")


def test_a_request_cannot_end_its_own_quotes() -> None:
    assert ussd_command("*100#") == 'AT+CUSD=1,"*100#",15'
    with pytest.raises(ValueError, match="quote"):
        ussd_command('*100#",15;+CMGD=1,4;"')


class TestSeveralLines:
    def test_are_one_answer_up_to_the_closing_quote(self) -> None:
        events = parse(f"\r\n{MENU}\r\n\r\nOK\r\n".encode())
        assert events[0] == Line(text=MENU)
        assert len(events) == 2

    def test_are_one_unsolicited_line_when_no_request_runs(self) -> None:
        assert parse(f"\r\n{MENU}\r\n".encode(), "AT") == [Unsolicited(name="+CUSD", text=MENU)]

    def test_belong_to_who_asked_when_they_began(self) -> None:
        parser = Parser()
        head, tail = MENU.encode().split(b"\n", 1)
        parser.feed(b"\r\n" + head + b"\n")
        parser.begin(request("AT+CGMI"))
        events = parser.feed(tail + b"\r\nMaker\r\n\r\nOK\r\n")
        assert events[:2] == [Unsolicited(name="+CUSD", text=MENU), Line(text="Maker")]

    @pytest.mark.parametrize(
        "end", ["OK", "ERROR", "+CME ERROR: 3", '+CUSD: 2,"end"', '+CMTI: "SM",3', "RDY", "RING"]
    )
    def test_end_without_a_closing_quote_at_what_is_no_text(self, end: str) -> None:
        assert parse(f'\r\n+CUSD: 0,"5 EUR\nleft\r\n{end}\r\n'.encode())[0] == Line(
            text='+CUSD: 0,"5 EUR\nleft'
        )
        swallowed = parse(f'\r\n+CUSD: 0,"5 EUR\nleft\r\n{end}\r\n'.encode())[1:]
        assert swallowed == parse(f"{end}\r\n".encode())

    def test_may_hold_what_is_a_result_elsewhere(self) -> None:
        (event,) = parse(b'\r\n+CUSD: 0,"EUR left:\n0\n*Bonus: 4\nNA",15\r\n')
        assert texts([event]) == ['+CUSD: 0,"EUR left:\n0\n*Bonus: 4\nNA",15']

    @pytest.mark.parametrize("line", ["x", "x" * 1000, "x" * 8000])
    def test_are_bounded(self, line: str) -> None:
        wire = '+CUSD: 0,"' + f"{line}\n" * 100
        first = texts(parse(wire.encode()))[0]
        assert first.count("\n") < MAX_LINES
        assert len(first) <= MAX_TEXT

    def test_do_not_take_the_pdu_of_a_report(self) -> None:
        events = parse(b"+CDS: 4\r\n00010203\r\n" + MENU.encode() + b"\r\n")
        assert events == [
            Unsolicited(name="+CDS", text="+CDS: 4", pdu="00010203"),
            Line(text=MENU),
        ]


DIALOGUE = (
    b'\r\n+CUSD: 2,"Initiating\nRelease",15\r\nAT+CUSD=1,"*100#",15\r\r\n'
    + f'{MENU}\r\n^RSSI: 3\r\n\r\nOK\r\n+CUSD: 0,"no end\r\nhere\r\n+CMTI: "SM",1\r\n'.encode()
)


@given(st.lists(st.integers(0, len(DIALOGUE)), max_size=30))
def test_any_split_gives_the_same_events(cuts: list[int]) -> None:
    parser = Parser()
    parser.begin(request('AT+CUSD=1,"*100#",15'))
    edges = sorted({0, len(DIALOGUE), *cuts})
    events = [event for low, high in pairwise(edges) for event in parser.feed(DIALOGUE[low:high])]
    assert events == parse(DIALOGUE)
    assert texts(events) == [
        '+CUSD: 2,"Initiating\nRelease",15',
        MENU,
        "^RSSI: 3",
        '+CUSD: 0,"no end\nhere',
        '+CMTI: "SM",1',
    ]


def test_answers_of_the_python_gsmmodem_tests(transcripts: Path) -> None:
    text = (transcripts / "faucamp-test-modem.txt").read_text()
    written = [line[3:] for line in text.splitlines() if line.startswith("<< +CUSD:")]
    assert len(written) > 5
    for line in written:
        wire = line.replace("<CR>", "\r").replace("<LF>", "\n").encode()
        (event,) = parse(wire)
        said = read_ussd(texts([event])[0])
        assert said is not None
        assert said.coding == 15
        assert said.text
        assert not re.search('["<>]', said.text)


@pytest.mark.parametrize("charset", ["utf-8", "latin-1"])
def test_a_text_with_a_pound_sign_is_read_in_either_writing(charset: str) -> None:
    wire = '\r\n+CUSD: 0,"Balance: £12.34",15\r\n'.encode(charset)
    assert texts(parse(wire)) == ['+CUSD: 0,"Balance: £12.34",15']
