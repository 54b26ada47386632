"""What a modem says by itself may stand anywhere, and a dialogue may break off anywhere.

The answers of real commands, with unsolicited lines put at every place where a line may begin and
the stream cut into any pieces: the answer and its result stay what they were, and nothing that was
said by itself is lost or taken for an answer.
"""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from gateway.at import Ended, Event, Line, Parser, Prompt, Unsolicited, read_list, request

PDU = "07917248014000F506B70AA18092020000317071518590803170715185418000"
MESSAGE = "07917248014000F3240B917247587706F400003110824115248012C8329BFD06C9C373B8B82C97E741F034"

DIALOGUES = (
    ("AT+CMGL=4", ["+CMGL: 1,1,,25", PDU, "+CMGL: 7,1,,36", MESSAGE, "OK"]),
    ("AT+CMGR=3", ["+CMGR: 0,,25", PDU, "OK"]),
    ("AT+CPMS?", ['+CPMS: "SM",1,50,"SM",1,50,"SM",1,50', "OK"]),
    ("AT+CGMM", ["E3372", "OK"]),
    ("AT+CMGD=1", ["+CMS ERROR: 321"]),
    ("AT+CREG?", ['+CREG: 2,1,"CE00","01CEAD8F",7', "OK"]),
    ("AT+CGMI", ["COMMAND NOT SUPPORT"]),
)

UNSOLICITED = (
    ("+CDS: 25", PDU),
    ("+CDS:25", PDU),
    ("+CDS: ,25", PDU),
    ("+CMT: ,36", MESSAGE),
    ("+CBM: 88", MESSAGE),
    ('+CDSI: "SR",3',),
    ('+CMTI: "SM",12',),
    ("^RSSI: 17",),
    ('^HCSQ: "LTE",46,39,99,20',),
    ("+ZPASR: UMTS",),
    ("+CIEV: 1,4",),
    ("*EBCA: 1",),
    ("#STN: 37",),
    ("RING",),
    ("UNDER-VOLTAGE WARNNING",),
    ("SMS READY",),
)

Said = tuple[str, ...]


@st.composite
def streams(draw: st.DrawFn) -> tuple[str, list[str], list[Said], list[bytes]]:
    """A command, the lines of its answer, what is said in between, and the octets in pieces."""
    command, answer = draw(st.sampled_from(DIALOGUES))
    lines: list[str] = []
    said: list[Said] = []
    for line in answer:
        for unsolicited in draw(st.lists(st.sampled_from(UNSOLICITED), max_size=2)):
            said.append(unsolicited)
            lines.extend(unsolicited)
        lines.append(line)
    end = draw(st.sampled_from(["\r\n", "\n", "\r\r\n", "\r\n\r\n"]))
    wire = "".join(end + line + end for line in lines).encode()
    cuts = sorted(draw(st.lists(st.integers(0, len(wire)), max_size=12)))
    pieces = [wire[start:stop] for start, stop in pairwise([0, *cuts, len(wire)])]
    return command, answer, said, pieces


def run(command: str, pieces: list[bytes]) -> list[Event]:
    parser = Parser()
    parser.begin(request(command))
    return [event for piece in pieces for event in parser.feed(piece)]


def of_kind(events: list[Event], kind: type) -> list[Event]:
    return [event for event in events if isinstance(event, kind)]


@given(streams())
def test_anything_said_in_between_leaves_the_answer_as_it_was(
    stream: tuple[str, list[str], list[Said], list[bytes]],
) -> None:
    command, answer, said, pieces = stream
    events = run(command, pieces)
    *lines, final = answer
    assert [event.text for event in events if isinstance(event, Line)] == lines
    assert [event.result.text for event in events if isinstance(event, Ended)] == [final]
    told = [event for event in events if isinstance(event, Unsolicited)]
    assert [(one.text, one.pdu)[: len(text)] for one, text in zip(told, said, strict=True)] == said


@given(streams(), st.integers(0, 2000))
def test_a_dialogue_that_breaks_off_says_nothing_that_was_not_said(
    stream: tuple[str, list[str], list[Said], list[bytes]], end: int
) -> None:
    """Any truncation: what was told is a beginning of what would have been told."""
    command, _, _, pieces = stream
    wire = b"".join(pieces)
    whole, cut = run(command, [wire]), run(command, [wire[:end]])
    assert whole[: len(cut)] == cut


@given(streams(), st.integers(0, 2000))
def test_a_cut_list_has_no_message_that_the_whole_one_has_not(
    stream: tuple[str, list[str], list[Said], list[bytes]], end: int
) -> None:
    _, _, _, pieces = stream
    wire = b"".join(pieces)[:end]
    texts = tuple(event.text for event in run("AT+CMGL=4", [wire]) if isinstance(event, Line))
    assert {stored.pdu for stored in read_list(texts)} <= {PDU, MESSAGE}


@given(
    st.lists(st.sampled_from(UNSOLICITED), max_size=4),
    st.sampled_from(["\r\n> ", "\r\n>\r\n", "\n>", "> \r\n", "\r\n> \r\n> "]),
    st.integers(1, 7),
)
def test_a_prompt_is_seen_behind_whatever_is_said_before_it(
    said: list[Said], prompt: str, step: int
) -> None:
    wire = "".join(f"\r\n{line}\r\n" for lines in said for line in lines).encode() + prompt.encode()
    parser = Parser()
    parser.begin(request("AT+CMGS=18", prompt=True))
    pieces = [wire[at : at + step] for at in range(0, len(wire), step)]
    events = [event for piece in pieces for event in parser.feed(piece)]
    assert len(of_kind(events, Prompt)) == 1
    assert len(of_kind(events, Unsolicited)) == len(said)
