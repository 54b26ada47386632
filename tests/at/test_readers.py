"""Answers as real modems write them (MODEMS.md sections 3 to 5)."""

from __future__ import annotations

import pytest

from gateway.at import (
    Registration,
    SimState,
    Slot,
    Stored,
    Usage,
    best,
    read_final,
    read_iccid,
    read_imei,
    read_imsi,
    read_list,
    read_memories,
    read_message,
    read_operator,
    read_reference,
    read_registration,
    read_routed,
    read_signal,
    read_sim_state,
    read_slot,
    read_smsc,
    read_text,
    read_usage,
)

PDU = "07917248014000F506B70AA18092020000317071518590803170715185418000"


@pytest.mark.parametrize(
    ("line", "stat"),
    [
        ("+CREG: 0,1", 1),
        ("+CREG: 1,3", 3),
        ("+CREG: 2,1,9110,7E6", 1),
        ("+CREG: 2,1,XXXX,AAAA", 1),
        ("+CREG: 1,1,84CD,00D30173", 1),
        ('+CREG: 2,1,"CE00","01CEAD8F",7', 1),
        ("+CREG: 2,0,00,0", 0),
        ('+CREG:002,001,"18d8","ffff"', 1),
        ("+CREG:2,1,0001,0010", 1),
        ("+CREG: 2,1,000B,2816, B, C2816", 1),
        ("+CREG: 2,1,  0 5, 2715", 1),
        ('+CREG: 2,1,"0B,"0100701",7', 1),
        ('+CREG: 2,1,"5E25', 1),
        ('+CREG: 2,5,"2AF5","0B88E350",2', 5),
        ("+CREG: 0,11", 11),
        # Unsolicited forms that came in place of the answer.
        ("+CREG: 3", 3),
        ("+CREG: 11", 11),
        ("+CREG: 1,84CD,00D30156", 1),
        ('+CREG: 1,"CE00","00005449"', 1),
        ('+CREG: 11,"33FE","a3fb477"', 11),
        ("+CREG: 2,,", 2),
        ("+CREG: 1,0001,0010,0", 1),
        ('+CREG: 001,"0001","0010",000', 1),
        ("+CREG: 10,0001,0010,0", 10),
        ('+CREG: 0011,"0001","0010",000', 11),
        ("+CREG: 77", 4),
        ("+CREG: ?", 4),
    ],
)
def test_registration_in_every_form(line: str, stat: int) -> None:
    assert read_registration((line,), "+CREG") is Registration(stat)


def test_registration_of_the_answer_wins_over_an_unsolicited_line() -> None:
    lines = ("+CREG: 2,1", '+CREG: 5,"CE00","00005449"')
    assert read_registration(lines, "+CREG") is Registration.HOME


def test_registration_is_not_made_up() -> None:
    assert read_registration((), "+CREG") is None
    assert read_registration(("+CGREG: 0,1",), "+CREG") is None


@pytest.mark.parametrize("stat", [1, 5, 6, 7, 9, 10])
def test_any_one_of_the_three_networks_carries_messages(stat: int) -> None:
    assert best([Registration.DENIED, Registration(stat)]) is Registration(stat)
    assert Registration(stat).carries_sms


@pytest.mark.parametrize("stat", [0, 2, 3, 4, 8, 11])
def test_other_registrations_carry_none(stat: int) -> None:
    assert not Registration(stat).carries_sms
    assert not best([]).carries_sms


@pytest.mark.parametrize(
    ("line", "dbm"),
    [
        ("+CSQ: 18,99", -77),
        ("+CSQ:0,0", -113),
        ("+CSQ: 31,0", -51),
        ("+CSQ: 99,99", None),
        ("+CSQ: 116,99", -100),
        ("+CSQ: 199,99", None),
        ("+CSQ:", None),
        ("^RSSI: 3", None),
    ],
)
def test_signal(line: str, dbm: int | None) -> None:
    assert read_signal((line,)) == dbm


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ('+COPS: 0,0,"TELE2",0', "TELE2"),
        ('+COPS: 0,0,"TELE2,0', "TELE2"),
        ("+COPS: 0,0,TELE2,0", "TELE2"),
        ("+COPS: 0", None),
    ],
)
def test_operator(line: str, name: str | None) -> None:
    assert read_operator((line,)) == name


@pytest.mark.parametrize(
    ("line", "state"),
    [
        ("+CPIN: READY", SimState.READY),
        ("+CPIN:READY", SimState.READY),
        ('+CPIN: "READY"', SimState.READY),
        ("+CPIN: SIM PIN", SimState.PIN),
        ("+CPIN: SIM PUK", SimState.PUK),
        ("+CPIN: SIM CRASH", SimState.ABSENT),
        ("+CPIN: SIM REMOVED", SimState.ABSENT),
        ("+CPIN: NOT READY", SimState.BUSY),
    ],
)
def test_sim_state_by_text(line: str, state: SimState) -> None:
    ok = read_final("OK")
    assert ok is not None
    assert read_sim_state((line,), ok) is state


@pytest.mark.parametrize(
    ("result", "state"),
    [
        ("+CME ERROR: 10", SimState.ABSENT),
        ("+CME ERROR: SIM not inserted", SimState.ABSENT),
        ("+CME ERROR: 14", SimState.BUSY),
        ("+CMS ERROR: 314", SimState.BUSY),
        ("+CME ERROR: 11", SimState.PIN),
        ("+CME ERROR: 12", SimState.PUK),
        ("+CME ERROR: 3517", SimState.UNTOLD),
        ("ERROR", SimState.UNTOLD),
        ("OK", SimState.UNTOLD),
    ],
)
def test_sim_state_by_refusal(result: str, state: SimState) -> None:
    final = read_final(result)
    assert final is not None
    assert read_sim_state((), final) is state


@pytest.mark.parametrize(
    "line",
    [
        "+CCID: 8944100030207654321",
        "8944100030207654321F",
        '^ICCID: "8944100030207654321"',
        "+QCCID: 8944100030207654321F",
        "^ICCID: 984401000302674523F1",
        '+CRSM: 144,0,"984401000302674523F1"',
    ],
)
def test_iccid(line: str) -> None:
    assert read_iccid(("noise", line)) == "8944100030207654321"


def test_iccid_is_not_made_up() -> None:
    assert read_iccid(("+CCID:", "490154203237518")) is None


@pytest.mark.parametrize("line", ["234159876543210", "+CIMI: 234159876543210", '"234159876543210"'])
def test_imsi(line: str) -> None:
    assert read_imsi((line,)) == "234159876543210"


@pytest.mark.parametrize(
    "line",
    [
        "490154203237518",
        "+CGSN: IMEI490154203237518",
        '+CGSN: "490154203237518"',
        "49015420323751800",
    ],
)
def test_imei(line: str) -> None:
    assert read_imei(("", line)) == "490154203237518"


def test_free_text_without_prefix_and_quotes() -> None:
    assert read_text((" WAVECOM MODEM",), "+CGMI") == "WAVECOM MODEM"
    assert read_text(('+CGMI: "SIMCOM INCORPORATED"',), "+CGMI") == "SIMCOM INCORPORATED"
    assert read_text(("Revision: 1.2",), "+CGMR") == "Revision: 1.2"
    assert read_text((), "+CGMR") == ""


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ('+CSCA: "+353857000000",145', "+353857000000"),
        ('+CSCA: "6281100000",145', "+6281100000"),
        ('+CSCA: "6281100000",129', "6281100000"),
        ("+CSCA: 002B00390037003200350034003100320030003000330032,145", "+97254120032"),
        ('+CSCA: "002B003400340037003800300032003000390032003000330035",145', "+447802092035"),
        ('+CSCA: "",129', ""),
        ("+CSCA: +447802092035", "+447802092035"),
        ("+CSCA:", ""),
    ],
)
def test_smsc(line: str, number: str) -> None:
    assert read_smsc((line,)) == number


@pytest.mark.parametrize(
    ("line", "usage"),
    [
        ("+CPMS: 0,3,23,3,23", (0, 3)),
        ("+CPMS: 0,10,0,10", (0, 10)),
        ('+CPMS: "SM",3,30,"ME",4,40,"SM",3,30', (3, 30)),
        ('+CPMS: "MT", 0, 100, "MT", 0, 100', (0, 100)),
        ("+CPMS: ,,,,,,,,", None),
        ("+CPMS:", None),
    ],
)
def test_usage(line: str, usage: tuple[int, int] | None) -> None:
    expected = Usage(used=usage[0], total=usage[1]) if usage else None
    assert read_usage((line,)) == expected


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ('+CPMS: ("ME","MT"),("ME","SM","MT"),("SM","MT")', ("ME", "MT", "SM")),
        ('+CPMS: (("SM","BM","SR"),("SM"))', ("SM", "BM", "SR")),
        ('+CPMS: (ME", "SR"), ("ME", "SR"), ("ME")', ("ME", "SR")),
        ('+CPMS: "SM","SM","SM"', ("SM",)),
        ('+CPMS: ("SM", "SM_P", "ME_P")', ("SM", "SM_P", "ME_P")),
        ("+CPMS: (),,(  )", ()),
    ],
)
def test_memories(line: str, names: tuple[str, ...]) -> None:
    assert read_memories((line,)) == names


@pytest.mark.parametrize(
    ("lines", "reference"),
    [
        (("+CMGS: 42",), 42),
        (("+CMGS:0",), 0),
        (("pad", '+CMGS: 255,"07"'), 255),
        (("+CMGS: 4", "+CMGS: 5"), 5),
        (("+CMGS: -1",), None),
        (("+CMGS: 256",), None),
        (("+CMGS:",), None),
        ((), None),
    ],
)
def test_reference(lines: tuple[str, ...], reference: int | None) -> None:
    assert read_reference(lines) == reference


@pytest.mark.parametrize(
    ("text", "slot"),
    [
        ('+CMTI: "ME",41', Slot(memory="ME", index=41)),
        ("+CDSI:SR,0", Slot(memory="SR", index=0)),
        ("+CMTI: 0,111", Slot(memory=None, index=111)),
        ("+CMTI: 7", Slot(memory=None, index=7)),
        ("+CMTI:", None),
        ('+CMTI: "SM",', None),
    ],
)
def test_slot(text: str, slot: Slot | None) -> None:
    assert read_slot(text) == slot


@pytest.mark.parametrize(
    ("lines", "length"),
    [
        (("+CMGR: 0,,24", PDU), 24),
        (("+CMGR: ,,26", PDU), 26),
        (('+CMGR: 0,"",50', PDU), 50),
        ((f"+CMGR: 1,,147 {PDU}",), 147),
        (("+CMGR:", PDU), None),
        (("noise", "+CMGR: 0,,24", "NOT HEX", PDU), 24),
    ],
)
def test_message(lines: tuple[str, ...], length: int | None) -> None:
    assert read_message(lines) == Stored(index=None, pdu=PDU, length=length)


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("+CMGR: 0,,0",),
        ("+CMGR: 0,,24", "00FFFFFFFFFFFFFFFFFFFFFF"),
        ('+CMGR: "REC READ","+393312345678",,"16/05/10,10:33:31+08"', "Test message"),
    ],
)
def test_no_message(lines: tuple[str, ...]) -> None:
    assert read_message(lines) is None


def test_list_with_foreign_lines_missing_line_ends_and_a_broken_entry() -> None:
    lines = (
        "+CMGL: 0,0,,35",
        "AFSDLF SDKFJSKDLFJLKSDJF SJDLFKSLDJFKSDFS",
        PDU,
        f'+CMGL: 17,3,"",24 {PDU}+CMGL: 18,1,,24',
        PDU,
        "+CMGL: 19,1,,24",
    )
    assert [(entry.index, entry.length) for entry in read_list(lines)] == [
        (0, 35),
        (17, 24),
        (18, 24),
    ]
    assert {entry.pdu for entry in read_list(lines)} == {PDU}


def test_routed() -> None:
    assert read_routed("+CDS: ,25", PDU) == Stored(index=None, pdu=PDU, length=25)
    assert read_routed("+CDS:25", "BAD") is None
    assert read_routed("+CMT: ,2X", PDU) == Stored(index=None, pdu=PDU, length=None)
