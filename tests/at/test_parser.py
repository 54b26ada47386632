"""The line protocol: what is an answer, what is a prompt, what is neither."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.at import Ended, Event, Line, Parser, Prompt, Unsolicited, read_final, request
from gateway.at.parser import MAX_LINE

PDU = "07917248014000F506B70AA18092020000317071518590803170715185418000"


def ended(text: str) -> Ended:
    result = read_final(text)
    assert result is not None
    return Ended(result=result)


OK = ended("OK")


def parse(text: str, wire: bytes, *, prompt: bool = False, pdu: str = "") -> list[Event]:
    parser = Parser()
    parser.begin(request(text, prompt=prompt))
    if pdu:
        parser.begin_pdu(pdu)
    return parser.feed(wire)


class TestLineEnds:
    @pytest.mark.parametrize(
        "wire",
        [
            b"\r\n+CSQ: 18,99\r\n\r\nOK\r\n",
            b"+CSQ: 18,99\nOK\n",
            b"\r\r\n+CSQ: 18,99\r\r\n\nOK\n\n",
            b"+CSQ: 18,99\rOK\r",
            b"  +CSQ: 18,99  \r\n OK \r\n",
            b"\0\0\r\n+CSQ: 1\0008,99\r\nO\0K\r\n\0",
        ],
    )
    def test_all_kinds_are_read_alike(self, wire: bytes) -> None:
        assert parse("AT+CSQ", wire) == [Line(text="+CSQ: 18,99"), OK]

    def test_an_unfinished_line_waits_for_its_end(self) -> None:
        assert parse("AT+CSQ", b"\r\n+CSQ: 18") == []


class TestEcho:
    @pytest.mark.parametrize(
        "wire",
        [
            b"AT+CFUN?\r\r\n+CFUN: 1\r\nOK\r\n",
            b"AT+CFUN?\rAT+CFUN?\r\r\n+CFUN: 1\r\nOK\r\n",
            b"AT+CFUN?\n+CFUN: 1\r\nOK\r\n",
            b"+CFUN: 1\r\nOK\r\n",
        ],
    )
    def test_of_a_command_is_dropped(self, wire: bytes) -> None:
        assert parse("AT+CFUN?", wire) == [Line(text="+CFUN: 1"), OK]

    @pytest.mark.parametrize(
        "echo", [b"", b"%b", b"%b\x1a", b"> %b\x1a\r\n", b"> %b\r\n>\r\n", b" %b\r\n> "]
    )
    def test_of_a_pdu_is_dropped(self, echo: bytes) -> None:
        wire = echo.replace(b"%b", PDU.encode()) + b"\r\n+CMGS: 7\r\n\r\nOK\r\n"
        events = parse("AT+CMGS=26", wire, prompt=True, pdu=PDU)
        assert events == [Line(text="+CMGS: 7"), OK]

    def test_in_front_of_which_an_unsolicited_line_stands(self) -> None:
        events = parse("AT+CPIN?", b'+CDSI: "SR",0\r\nAT+CPIN?\r\r\n+CPIN: READY\r\n\r\nOK\r\n')
        assert events == [
            Unsolicited(name="+CDSI", text='+CDSI: "SR",0'),
            Line(text="+CPIN: READY"),
            OK,
        ]


class TestPrompt:
    @pytest.mark.parametrize(
        "wire",
        [
            b"\r\n> ",
            b"\r\n>",
            b"\r\n>\r\n",
            b"> \r\n",
            b"\n>",
            b"\r\n  > ",
            b"AT+CMGS=9\r\r\n>\r\n",
        ],
    )
    def test_is_seen_in_every_writing(self, wire: bytes) -> None:
        assert parse("AT+CMGS=9", wire, prompt=True) == [Prompt()]

    def test_is_seen_without_waiting_for_a_line_end(self) -> None:
        parser = Parser()
        parser.begin(request("AT+CMGS=9", prompt=True))
        assert parser.feed(b"\r\n") == []
        assert parser.feed(b">") == [Prompt()]
        assert parser.feed(b" ") == []

    def test_is_seen_behind_an_unsolicited_line(self) -> None:
        events = parse("AT+CMGS=9", b"\r\n^RSSI:19\r\n\r\n> ", prompt=True)
        assert events == [Unsolicited(name="^RSSI", text="^RSSI:19"), Prompt()]

    def test_is_one_though_it_is_written_twice(self) -> None:
        events = parse("AT+CMGS=9", b"\r\n> \r\n> ", prompt=True)
        assert events.count(Prompt()) == 1

    def test_is_none_while_nobody_expects_it(self) -> None:
        assert Prompt() not in parse("AT+CMGF=0", b"\r\n> \r\nOK\r\n")

    def test_is_none_in_the_middle_of_a_line(self) -> None:
        assert Prompt() not in parse("AT+CMGS=9", b"\r\n+ZZZ: a > b", prompt=True)

    def test_does_not_swallow_the_answer_glued_to_it(self) -> None:
        events = parse("AT+CMGS=9", b"\r\n> +CMGS: 1\r\nOK\r\n", prompt=True, pdu=PDU)
        assert events == [Line(text="+CMGS: 1"), OK]

    def test_gives_way_to_a_refusal(self) -> None:
        events = parse("AT+CMGS=9", b"\r\n+CMS ERROR: 330\r\n", prompt=True)
        assert events == [ended("+CMS ERROR: 330")]


class TestUnsolicited:
    @pytest.mark.parametrize(
        "header", ["+CDS: 25", "+CDS:25", "+CDS: ,25", "+CMT: ,23", "+CBM: 88"]
    )
    def test_of_two_lines_are_one_event(self, header: str) -> None:
        events = parse("AT", f"\r\n{header}\r\n{PDU}\r\n\r\nOK\r\n".encode())
        assert events == [Unsolicited(name=header[:4], text=header, pdu=PDU), OK]

    def test_between_a_submit_and_its_reference_do_not_end_it(self) -> None:
        wire = f'\r\n+ZDONR: "METEOR",272,3\r\n+CDS: 25\r\n{PDU}\r\n+CMGS: 4\r\n\r\nOK\r\n'.encode()
        events = parse("AT+CMGS=9", wire, prompt=True, pdu="00")
        assert events == [
            Unsolicited(name="+ZDONR", text='+ZDONR: "METEOR",272,3'),
            Unsolicited(name="+CDS", text="+CDS: 25", pdu=PDU),
            Line(text="+CMGS: 4"),
            OK,
        ]

    def test_inside_a_list_leave_the_list_whole(self) -> None:
        wire = f'+CMGL: 1,0,"",23\r{PDU}\r+CMTI: "ME",1\rOK\r\n'.encode()
        assert parse("AT+CMGL=4", wire) == [
            Line(text='+CMGL: 1,0,"",23'),
            Line(text=PDU),
            Unsolicited(name="+CMTI", text='+CMTI: "ME",1'),
            OK,
        ]

    def test_header_waits_for_its_pdu_through_other_lines(self) -> None:
        events = parse("AT+CSQ", f"+CDS: 25\r\n+CSQ: 9,99\r\nOK\r\n{PDU}\r\n".encode())
        assert events[-1] == Unsolicited(name="+CDS", text="+CDS: 25", pdu=PDU)
        assert events[:-1] == [Line(text="+CSQ: 9,99"), OK]

    def test_header_without_a_pdu_does_not_wait_for_ever(self) -> None:
        events = parse("AT+CMGR=1", b"+CDS: 25\r\n" + b"^RSSI: 1\r\n" * 20 + PDU.encode() + b"\r\n")
        assert events[-1] == Line(text=PDU)

    def test_line_with_the_prefix_of_the_running_command_is_its_answer(self) -> None:
        assert parse("AT+CREG?", b"+CREG: 0,1\r\n") == [Line(text="+CREG: 0,1")]
        assert parse("AT+CSQ", b"+CREG: 1\r\n") == [Unsolicited(name="+CREG", text="+CREG: 1")]

    def test_line_without_a_colon_is_known_by_its_words(self) -> None:
        assert parse("AT+CGMI", b"SMS Ready\r\n") == [
            Unsolicited(name="SMS READY", text="SMS Ready")
        ]

    def test_unknown_line_is_the_commands_while_one_runs_and_noise_afterwards(self) -> None:
        parser = Parser()
        parser.begin(request("AT+CGMI"))
        assert parser.feed(b"DODGY\r\n") == [Line(text="DODGY")]
        parser.end()
        assert parser.feed(b"DODGY\r\n") == [Unsolicited(name="", text="DODGY")]

    def test_hang_up_of_a_caller_is_no_result(self) -> None:
        events = parse("AT+CSQ", b"RING\r\n\r\nNO CARRIER\r\n+CSQ: 9,99\r\nOK\r\n")
        assert ended("NO CARRIER") not in events
        assert events[-1] == OK

    def test_no_carrier_without_a_call_is_a_result(self) -> None:
        assert parse("AT+CSQ", b"NO CARRIER\r\n") == [ended("NO CARRIER")]


NOISE = [
    "^RSSI: 17",
    '^HCSQ:"LTE",46,39,99,20',
    "^MODE: 5,4",
    "^BOOT:20952548,0,0,0,6",
    "^SRVST:2",
    "^SIMST:1",
    "^STIN: 7, 0, 0",
    "^CSNR:28,-85",
    "^DSFLOWRPT:00000E10,00000000,00000000,0003E800,0003E800",
    "^NWTIME: 26/11/26,01:00:00+00,0",
    "^SCN: 1",
    "+ZUSIMR:2",
    "+ZPASR: UMTS",
    '+ZDONR: "METEOR",272,3,"CS_PS"',
    "+ZEND: 1",
    '+SPNWNAME: "Test"',
    "+PSBEARER: 54,99",
    "#STN: 37",
    "_OSIGQ: 4,0",
    '*EBCA: "20.4","-71"',
    "+CIEV: 1,4",
    "+CGREG: 1",
    "RDY",
    "Call Ready",
    "SMS Ready",
    "SMS DONE",
    "PB DONE",
    "*ATREADY: 1",
    "+MSTK: 11, D081",
    "OVER-VOLTAGE WARNNING",
    "UNDER-VOLTAGE WARNNING",
    "UNDER-VOLTAGE POWER DOWN",
    "NORMAL POWER DOWN",
    "SAMSUNG PTS DG Test",
    "NOT FOND ^,NOT CUSTOM AT",
]
"""Every vendor's word of MODEMS.md 1.5."""


class TestNoise:
    @pytest.mark.parametrize("noise", NOISE)
    @pytest.mark.parametrize("wire", ["{n}+CSQ: 9,99\r\nOK\r\n", "+CSQ: 9,99\r\n{n}OK\r\n"])
    def test_is_never_an_answer_nor_its_end(self, noise: str, wire: str) -> None:
        events = parse("AT+CSQ", wire.replace("{n}", f"\r\n{noise}\r\n").encode())
        assert [event for event in events if not isinstance(event, Unsolicited)] == [
            Line(text="+CSQ: 9,99"),
            OK,
        ]
        assert [event.text for event in events if isinstance(event, Unsolicited)] == [noise]

    @pytest.mark.parametrize("noise", NOISE)
    def test_leaves_a_submit_alone(self, noise: str) -> None:
        wire = f"\r\n{noise}\r\n> "
        assert Prompt() in parse("AT+CMGS=9", wire.encode(), prompt=True)
        wire = f"\r\n{noise}\r\n+CMGS: 4\r\n{noise}\r\nOK\r\n"
        events = parse("AT+CMGS=9", wire.encode(), prompt=True, pdu="00")
        assert [event for event in events if not isinstance(event, Unsolicited)] == [
            Line(text="+CMGS: 4"),
            OK,
        ]

    def test_with_the_name_of_another_command_is_none_of_the_running_ones(self) -> None:
        """MODEMS.md 1.6: the same prefix is an answer and a notice."""
        for command, said in (("AT+CPIN?", "+CREG: 1"), ("AT+CREG?", "+CPIN: READY")):
            events = parse(command, f"\r\n{said}\r\nOK\r\n".encode())
            assert events == [Unsolicited(name=said.partition(":")[0], text=said), OK]


class TestBounds:
    def test_garbage_without_an_end_is_not_kept(self) -> None:
        parser = Parser()
        for _ in range(100):
            assert parser.feed(b"x" * 1000) == []
            assert len(parser._partial) <= MAX_LINE
        parser.begin(request("AT"))
        assert parser.feed(b"x\r\nOK\r\n") == [OK]

    def test_garbage_is_dropped_up_to_its_own_end_alone(self) -> None:
        assert parse("AT", b"\xff" * (MAX_LINE + 1)) == []
        parser = Parser()
        parser.begin(request("AT"))
        parser.feed(b"\xff" * (MAX_LINE + 1))
        assert parser.feed(b"OK\r\nOK\r\n") == [OK]

    @given(st.lists(st.binary(max_size=200), max_size=50))
    def test_any_bytes_are_survived(self, chunks: list[bytes]) -> None:
        parser = Parser()
        parser.begin(request("AT+CMGS=9", prompt=True))
        for chunk in chunks:
            parser.feed(chunk)
        parser.feed(b"\r\n\r\n")
        parser.begin(request("AT"))
        # A header left over by the garbage may take one line; it never takes a result.
        assert OK in parser.feed(b"\r\nOK\r\n")


DIALOGUE = (
    b'\r\n+CDSI: "SR",1\r\nAT+CMGS=26\r\r\n^HCSQ:"LTE",59,50,161,24\r\n> '
    + f"{PDU}\x1a\r\n+CDS: 25\r\n{PDU[::-1]}\r\n".encode()
    + "noïse\r\n\r\n+CMGS: 42\r\n\r\nOK\r\n".encode()
)


def run_dialogue(chunks: list[bytes]) -> list[Event]:
    parser = Parser()
    parser.begin(request("AT+CMGS=26", prompt=True))
    events: list[Event] = []
    for chunk in chunks:
        for event in parser.feed(chunk):
            events.append(event)
            if event == Prompt():
                parser.begin_pdu(PDU)
    return events


def bytewise(data: bytes) -> list[bytes]:
    return [data[at : at + 1] for at in range(len(data))]


EXPECTED = [
    Unsolicited(name="+CDSI", text='+CDSI: "SR",1'),
    Unsolicited(name="^HCSQ", text='^HCSQ:"LTE",59,50,161,24'),
    Prompt(),
    Unsolicited(name="+CDS", text="+CDS: 25", pdu=PDU[::-1]),
    Line(text="noïse"),
    Line(text="+CMGS: 42"),
    OK,
]


class TestChunks:
    def test_single_bytes_give_the_same_events(self) -> None:
        assert run_dialogue(bytewise(DIALOGUE)) == EXPECTED

    @given(st.lists(st.integers(0, len(DIALOGUE)), max_size=30))
    def test_any_split_gives_the_same_events(self, cuts: list[int]) -> None:
        # The PDU is echoed only after it was written, which the prompt precedes.
        prompt = DIALOGUE.index(b"> ") + 1
        edges = sorted({0, prompt, len(DIALOGUE), *cuts})
        chunks = [DIALOGUE[low:high] for low, high in pairwise(edges)]
        assert run_dialogue(chunks) == EXPECTED


def test_a_command_cannot_smuggle_in_a_second_one() -> None:
    with pytest.raises(ValueError, match="one line"):
        request("AT+CSQ\rAT+CMGD=1,4")
