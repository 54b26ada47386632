"""What lies in a storage is read as it lies there, however the answer is mangled, or not at all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.at import (
    Line,
    Parser,
    Slot,
    Stored,
    Unsolicited,
    in_text_mode,
    outline,
    read_indices,
    read_list,
    read_memories,
    read_message,
    read_routed,
    read_slot,
    read_usage,
    request,
)
from gateway.at.indication import INDEX_MAX
from gateway.at.stored import PDU_MAX

REPORT = "07917248014000F506B70AA18092020000317071518590803170715185418000"
MESSAGE = "07917248014000F3240B917247587706F400003110824115248012C8329BFD06C9C373B8B82C97E741F034"
LENGTHS = {REPORT: 24, MESSAGE: 35}

TEXTS = (
    '+CMGR: "REC READ","+85291234567",,"07/02/18,00:05:10+32",145,4,0,0,"+85290000000",145,49',
    '+CMGR: "STO UNSENT","+10011",,145,17,0,0,167,"+8613800100500",145,4',
    '+CMGR: "REC READ", "+4123456789132", "2009/8/18,19:11:45"',
    '+CMGR: ,6,20,"0870000000",129,"13/04/29,19:58:00+04","13/04/29,19:59:00+04",0',
    '+CMGL: 1,"REC UNREAD","+31628870634",,"11/01/09,10:26:26+04"',
)


@st.composite
def entries(draw: st.DrawFn) -> tuple[str, dict[int, str]]:
    """An answer to AT+CMGL as one modem or another writes it, and what lies where."""
    lies = draw(
        st.dictionaries(st.integers(0, 255), st.sampled_from([REPORT, MESSAGE]), max_size=6)
    )
    parts = []
    for index, pdu in lies.items():
        header = draw(st.sampled_from(["+CMGL: {},1,,{}", '+CMGL:{},0,"Jo",{}', "+cmgl: {}, 3,{}"]))
        behind = draw(st.sampled_from(["\r\n", "\n", " ", "\r\n^RSSI: 9\r\n", "\r\nNOT HEX\r\n"]))
        parts.append(header.format(index, LENGTHS[pdu]) + behind + pdu)
        parts.append(draw(st.sampled_from(["\r\n", "\r\r\n", "", ",0\r\n", "\r\n\r\n"])))
    return "".join(parts), lies


def lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in re.split(r"[\r\n]", text) if line.strip())


@given(entries())
def test_every_form_of_a_list_is_read(given_: tuple[str, dict[int, str]]) -> None:
    text, lies = given_
    assert {entry.index: entry.pdu for entry in read_list(lines(text))} == lies
    assert read_indices(lines(text)) == list(lies)
    assert all(entry.complete for entry in read_list(lines(text)))


@given(entries(), st.data())
def test_a_list_that_is_cut_off_yields_nothing_that_was_not_there(
    given_: tuple[str, dict[int, str]], data: st.DataObject
) -> None:
    text, lies = given_
    cut = text[: data.draw(st.integers(0, len(text)))]
    for entry in read_list(lines(cut)):
        assert entry.index is not None
        assert lies[entry.index].startswith(entry.pdu)
        assert not entry.complete or entry.pdu in (lies[entry.index], lies[entry.index][:-1])


@given(
    st.sampled_from([REPORT, MESSAGE]),
    st.sampled_from(["+CMGR: 0,,{}\n", "+CMGR: ,,{}\n", '+CMGR: 1,"Jo",{} ', "+CMGR: {}\nNOISE\n"]),
    st.data(),
)
def test_an_answer_that_is_cut_off_is_known_to_be(
    pdu: str, header: str, data: st.DataObject
) -> None:
    text = header.format(LENGTHS[pdu]) + pdu
    cut = data.draw(st.integers(0, len(text)))
    stored = read_message(lines(text[:cut]))
    if stored is not None:
        assert pdu.startswith(stored.pdu)
        assert stored.complete is (cut >= len(text) - 1)


@given(st.text('+CMGLR:0123456789ABCDEFabcdef,"\n >', max_size=200) | st.text(max_size=80))
def test_no_answer_breaks_a_reader(text: str) -> None:
    for prefix in ("", "+CMGL: 1,1,,", "+CMGR: 0,,", "+CPMS: ", "+CMTI: "):
        told = lines(prefix + text)
        for entry in [*read_list(told), read_message(told), read_routed(prefix, text)]:
            assert entry is None or entry.pdu in text.replace("\n", " ") + prefix
            assert entry is None or entry.complete in (True, False)
        for index in read_indices(told):
            assert 0 <= index <= INDEX_MAX
        slot = read_slot(prefix + text)
        assert slot is None or 0 <= slot.index <= INDEX_MAX
        read_usage(told)
        read_memories(told)
        outline(told)
        in_text_mode(told)


@pytest.mark.parametrize("header", TEXTS)
def test_text_mode_holds_no_pdu_whatever_is_in_it(header: str) -> None:
    told = (header, "Your parcel 00340434161094042557 is at the corner", REPORT)
    assert in_text_mode(told)
    assert read_message(told) is None
    assert read_list(told) == []


def test_a_number_in_a_header_is_no_pdu() -> None:
    assert read_message(('+CMGR: 0,"49170123456789012",24',)) is None
    assert not in_text_mode(("+CMGR: 0,,24", REPORT))


@pytest.mark.parametrize(
    ("pdu", "length", "complete"),
    [
        (REPORT, 24, True),
        pytest.param(REPORT[:-1], 24, True, id="half an octet"),
        pytest.param(REPORT[:-2], 24, False, id="an octet"),
        pytest.param(REPORT + "FF" * 150, 24, True, id="padding"),
        pytest.param(REPORT, None, True, id="nothing stated"),
        pytest.param(REPORT, 0, True, id="nonsense stated"),
        pytest.param(REPORT[16:], 24, True, id="no service centre"),
        pytest.param("0297F1061C0F910B487228297020F5317062419272803170624192138000", 27, True),
        pytest.param("000000FF00" + REPORT[16:], 24, True, id="Wavecom's prefix"),
    ],
)
def test_what_is_complete(pdu: str, length: int | None, complete: bool) -> None:
    assert Stored(index=None, pdu=pdu, length=length).complete is complete


def test_numbers_of_a_mad_modem_are_no_numbers() -> None:
    assert read_slot('+CMTI: "SM",' + "9" * 8000) is None
    assert read_slot('+CMTI: "SM",1000000000') is None
    assert read_slot(f'+CMTI: "SM",{INDEX_MAX}') == Slot(memory="SM", index=INDEX_MAX)
    assert read_indices((f"+CMGL: 1000000000,1,,24 {REPORT}",)) == []
    assert read_list((f"+CMGL: 1000000000,1,,24 {REPORT}",)) == []
    assert read_usage(("+CPMS: " + "9" * 5000 + ",50",)) is None
    assert read_message(("+CMGR: 0,,24", "07" * 5000)) == Stored(
        index=None, pdu="07" * (PDU_MAX // 2), length=24
    )


@pytest.mark.parametrize("memory", ['"SM\\"', '"S M"', '"SM;+CMGD=1"', '"SIM1"', '"É"', '""', "0"])
def test_names_that_no_storage_has_are_not_written_back(memory: str) -> None:
    assert read_slot(f"+CMTI: {memory},3") == Slot(memory=None, index=3)


def test_names_of_storages_are_bounded() -> None:
    names = [f"{chr(65 + a)}{chr(65 + b)}" for a in range(20) for b in range(20)]
    assert len(read_memories(('+CPMS: ("' + '","'.join(names) + '")',))) == 16
    assert read_memories(('+CPMS: ("SM","LONGNAME","SM_P","1X","SM")',)) == ("SM", "SM_P")


def test_outline_shows_no_person() -> None:
    told = ('+CMGR: 0,"Jane",24', REPORT, "Meet you at eight", f"+CMGL: 1,1,,24 {REPORT}", TEXTS[0])
    shown = outline(told)
    assert shown.startswith("+CMGR: 0,<6>,24 | <64> | <17> | +CMGL: 1,1,,24 <64> | <")
    assert not re.search(r"Jane|Meet|\d{4}", shown)


def test_a_routed_pdu_on_its_header_line_waits_for_nothing() -> None:
    parser = Parser()
    parser.begin(request("AT+CSQ"))
    (event,) = parser.feed(f"\r\n+CDS: 24 {REPORT}\r\n".encode())
    assert isinstance(event, Unsolicited)
    assert read_routed(event.text, event.pdu) == Stored(index=None, pdu=REPORT, length=24)
    assert parser.feed(b"+CSQ: 18,99\r\n") == [Line(text="+CSQ: 18,99")]


def test_a_call_between_a_header_and_its_pdu_is_a_call() -> None:
    events = Parser().feed(f"+CDS: 24\r\nRING\r\n{REPORT}\r\n".encode())
    assert [event.name for event in events if isinstance(event, Unsolicited)] == ["RING", "+CDS"]
    assert isinstance(events[1], Unsolicited)
    assert events[1].pdu == REPORT


def test_text_mode_of_real_modems_is_known(transcripts: Path) -> None:
    seen = 0
    for name in ("gammu-at-sms-txt.txt", "gammu-at-sms-txt-detail.txt"):
        for dump in (transcripts / name).read_text().split("== ")[1:]:
            told = lines(dump.replace("<LF>", "").replace("<CR>", ""))[2:]
            seen += 1
            assert in_text_mode(told), told
            assert read_message(told) is None
    assert seen >= 6
