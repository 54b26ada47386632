"""Dialogues that real modems held (shared/data/modem/transcripts), replayed through the parser.

Each has an expectation of its own: how its lines are told apart, and what its readers read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.replay import Exchange, entries, exchange_of, replay

from gateway.at import (
    Parser,
    Registration,
    SimState,
    Slot,
    Unsolicited,
    Usage,
    in_text_mode,
    read_list,
    read_memories,
    read_message,
    read_reference,
    read_registration,
    read_smsc,
    read_text,
    read_usage,
    request,
)
from gateway.modem.trace.trace import Side
from tests.at.readings import (
    Exchanges,
    each,
    lengths,
    lines,
    lock,
    names,
    read,
    report_in,
    results,
    routed_report,
    slots,
    told,
    ussd_states,
)


@dataclass(frozen=True)
class Count:
    """How many lines a modem wrote, and what they were taken for; the rest are echoes and blanks,
    and the second halves of what takes two lines."""

    written: int
    lines: int = 0
    results: int = 0
    told: int = 0
    prompts: int = 0


COUNTS = {
    "babca-106-cdsi-sr-321": Count(7, lines=1, results=4, told=2),
    "babca-64-sim800c-init": Count(20, lines=5, results=14),
    "chan-quectel-75-ec25-cdsi-sm": Count(4, results=2, told=2),
    "chan-quectel-parse": Count(15, told=15),
    "faucamp-11-qualcomm-pin-simbusy": Count(26, lines=3, results=17),
    "faucamp-19-wavecom-m1306": Count(19, lines=10, results=9),
    "faucamp-44-autoreply-with-report": Count(9, lines=3, results=2, told=2, prompts=1),
    "faucamp-56-double-echo": Count(15, lines=6, results=4),
    "faucamp-9-huawei-init": Count(22, lines=5, results=16),
    "faucamp-fakemodems": Count(52, lines=25, results=24, told=3),
    "faucamp-test-modem": Count(34, lines=8, results=8, told=17, prompts=1),
    "gammu-1176-bare-prompt": Count(4, lines=2, prompts=1),
    "gammu-126-huawei-e1752-srvst": Count(11, lines=1, results=2, told=4),
    "gammu-138-126-93-noise-and-busy": Count(4, results=1, told=3),
    "gammu-138-cmms-500": Count(6, lines=2, results=3),
    "gammu-156-sr-memory": Count(5, lines=3, results=2),
    "gammu-242-cpms-four-values": Count(5, lines=2, results=3),
    "gammu-408-cdsi-inside-answer": Count(7, lines=1, results=2, told=3),
    "gammu-438-telit-500": Count(5, results=2, prompts=1),
    "gammu-759-132-cdsi-noise": Count(5, lines=1, told=3),
    "gammu-at-ccfc": Count(7, lines=3, results=3),
    "gammu-at-cnmi": Count(6, lines=3, results=3),
    "gammu-at-cpms-sm": Count(2, lines=1, results=1),
    "gammu-at-cpms-sr": Count(3, lines=1, results=1),
    "gammu-at-cpms": Count(10, lines=4, results=4),
    "gammu-at-creg-corner": Count(6, lines=3, results=3),
    "gammu-at-creg": Count(14, lines=5, results=6),
    "gammu-at-cscs-huawei": Count(3, results=1, told=1),
    "gammu-at-sms-txt-detail": Count(12, lines=8, results=4),
    "gammu-at-sms-txt": Count(14, lines=9, results=3),
    "gammu-at-smsc-failing": Count(2, lines=1, results=1),
    "gammu-at-smsc": Count(8, lines=4, results=4),
    "gammu-at-ussd": Count(9, told=8),
    "gammu-dispatch": Count(47, lines=12, results=12, told=13),
    "garronej-10-boot-rssi-noise": Count(6, told=6),
    "gnokii-1-500-for-empty-slots": Count(4, results=2),
    "gogsmmodem-zte": Count(19, lines=8, results=8, told=8, prompts=1),
    "modemmanager-helpers": Count(40, told=43),
    "node-pdu-22-echo-of-pdu-513": Count(8, results=1),
    "pygsm-busy-and-escape": Count(3, lines=1, results=2),
    "serialport-gsm-119-lost-prompt": Count(2),
    "serialport-gsm-137-cmgf-3517": Count(3, results=1),
    "serialport-gsm-92-cmti-321": Count(4, results=1, told=1),
    "sim800-boot": Count(12, results=3, told=9),
    "simcom-boot-A7670": Count(42, lines=5, results=13, told=15),
    "stk-openwrt-ussd-plain": Count(2, results=2),
    "tinygsm-243-ga6-prompt": Count(5, results=4, prompts=1),
    "tinygsm-413-cms500": Count(2, results=1, prompts=1),
    "urc-samples": Count(23, told=23),
    "warthog618-modem-gsm": Count(29, lines=4, results=8, told=9, prompts=2),
}


R = Registration

MEANINGS: list[tuple[str, Callable[[Exchanges], object], object]] = [
    ("babca-106-cdsi-sr-321", slots, [Slot(memory="SR", index=8)]),
    ("babca-106-cdsi-sr-321", results("AT+CMGR=8"), ["+CMS ERROR: 321"]),
    ("babca-64-sim800c-init", lambda x: read_text(lines("AT+CGMI")(x), "+CGMI"), "SIMCOM_Ltd"),
    ("babca-64-sim800c-init", results("AT+CLAC"), ["+CME ERROR: 100"]),
    ("chan-quectel-75-ec25-cdsi-sm", slots, [Slot(memory="SM", index=0)]),
    ("chan-quectel-75-ec25-cdsi-sm", read(read_message, "AT+CMGR=0"), None),
    (
        "chan-quectel-parse",
        slots,
        [Slot(memory="ME", index=41), Slot(memory=None, index=111), None],
    ),
    ("faucamp-11-qualcomm-pin-simbusy", read(lock, "AT+CPIN?"), SimState.PIN),
    ("faucamp-11-qualcomm-pin-simbusy", results("AT+CSCA?"), ["+CME ERROR: 14"]),
    ("faucamp-19-wavecom-m1306", read(read_memories, "AT+CPMS=?"), ("SM", "BM", "SR")),
    ("faucamp-19-wavecom-m1306", results("AT+CPIN?"), []),
    ("faucamp-44-autoreply-with-report", read(read_reference, "AT+CMGS=61"), 64),
    ("faucamp-44-autoreply-with-report", routed_report, 64),
    ("faucamp-56-double-echo", lines("ATE0"), ()),
    ("faucamp-56-double-echo", lines("AT+CPIN?"), ("+CPIN: READY",)),
    ("faucamp-9-huawei-init", read(read_smsc, "AT+CSCA?"), "+353857000000"),
    ("faucamp-9-huawei-init", read(read_usage, 'AT+CPMS="ME","ME","ME"'), Usage(used=7, total=100)),
    ("faucamp-fakemodems", each(lock, "AT+CPIN?"), [SimState.READY, SimState.PIN]),
    (
        "faucamp-fakemodems",
        each(read_memories, "AT+CPMS=?"),
        [("SM", "BM", "SR"), ("ME", "MT", "SM", "SR"), ()],
    ),
    (
        "faucamp-fakemodems",
        lambda x: [one.results for one in x if one.command == "AT+WIND?"],
        [["ERROR"], ["COMMAND NOT SUPPORT"]],
    ),
    ("faucamp-test-modem", results("AT+CSCA?"), ["+CMS ERROR: 330"]),
    ("faucamp-test-modem", report_in("AT+CMGR=3"), (183, 0)),
    ("faucamp-test-modem", report_in("AT+CMGR=1"), (28, 0)),
    ("faucamp-test-modem", read(in_text_mode, "AT+CMGR=57"), True),
    ("gammu-1176-bare-prompt", lambda x: exchange_of(x, "AT+CMGS=26").prompts, 1),
    ("gammu-1176-bare-prompt", read(read_registration, "AT+CEREG?", "+CEREG"), R.HOME),
    (
        "gammu-126-huawei-e1752-srvst",
        read(read_usage, 'AT+CPMS="ME","ME"'),
        Usage(used=0, total=23),
    ),
    ("gammu-138-126-93-noise-and-busy", names, ["^BOOT", "^RSSI", "^SRVST"]),
    ("gammu-138-126-93-noise-and-busy", lambda x: x[0].results, ["+CME ERROR: 515"]),
    ("gammu-138-cmms-500", results("AT+CMMS=2"), ["+CMS ERROR: 500"]),
    ("gammu-156-sr-memory", report_in("AT+CMGR=<index>"), (75, 0)),
    (
        "gammu-242-cpms-four-values",
        read(read_usage, 'AT+CPMS="SM","SM"'),
        Usage(used=0, total=10),
    ),
    ("gammu-408-cdsi-inside-answer", slots, [Slot(memory="SR", index=0)]),
    ("gammu-438-telit-500", results("AT+CMGS=18"), ["+CMS ERROR: 500"]),
    (
        "gammu-759-132-cdsi-noise",
        slots,
        [Slot(memory="SR", index=1), Slot(memory="SR", index=2)],
    ),
    ("gammu-at-ccfc", lambda x: [one.results for one in x[1:]], [["OK"]] * 3),
    ("gammu-at-cnmi", lambda x: [len(one.lines) for one in x[1:]], [1, 1, 1]),
    ("gammu-at-cpms-sm", read(read_memories, "AT+CPMS=?"), ("SM",)),
    ("gammu-at-cpms-sr", read(read_memories, "AT+CPMS=?"), ("ME", "SR")),
    (
        "gammu-at-cpms",
        each(read_memories, "AT+CPMS=?"),
        [("SM", "ME", "SM_P", "ME_P", "MT"), ("SM", "ME"), ("SM", "ME"), ()],
    ),
    ("gammu-at-creg-corner", each(read_registration, "AT+CREG?", "+CREG"), [R.HOME] * 3),
    (
        "gammu-at-creg",
        each(read_registration, "AT+CREG?", "+CREG"),
        [None, R.HOME, R.IDLE, R.HOME, R.ROAMING, R.HOME],
    ),
    ("gammu-at-cscs-huawei", names, ["+CSCS"]),
    ("gammu-at-sms-txt-detail", each(in_text_mode, "AT+CMGR=1"), [True] * 3),
    ("gammu-at-sms-txt", read(in_text_mode, "AT+CMGR=3864"), True),
    ("gammu-at-sms-txt", read(read_message, "AT+CMGR=3864"), None),
    ("gammu-at-smsc-failing", read(read_smsc, "AT+CSCA?"), ""),
    (
        "gammu-at-smsc",
        each(read_smsc, "AT+CSCA?"),
        ["+97254120032", "+79168999100", "+6281100000", "+447802092035"],
    ),
    ("gammu-at-ussd", ussd_states, [0, 0, 1, 2, 2, 0, 0, 2]),
    (
        "gammu-dispatch",
        each(read_usage, 'AT+CPMS="SM","SM"'),
        [Usage(used=1, total=20), Usage(used=0, total=20)],
    ),
    ("gammu-dispatch", read(read_usage, "AT+CPMS?"), Usage(used=3, total=30)),
    ("gammu-dispatch", lambda x: [one.index for one in read_list(lines("AT+CMGL=4")(x))], [1]),
    ("gammu-dispatch", lengths, [25, 23, 30, 30]),
    ("garronej-10-boot-rssi-noise", names, ["^BOOT", "^RSSI", "^BOOT", "^RSSI", "^RSSI", "^RSSI"]),
    ("gnokii-1-500-for-empty-slots", results("AT+CMGR=11"), ["+CMS ERROR: 500"]),
    ("gnokii-1-500-for-empty-slots", results("AT+CMGR=12"), ["+CMS ERROR: 500"]),
    (
        "gogsmmodem-zte",
        names,
        ["+ZUSIMR", "+ZPASR", "+ZDONR", "+ZPASR", "+ZPASR", "", "+ZZZ", "+CMTI"],
    ),
    ("gogsmmodem-zte", read(read_reference, 'AT+CMGS="441234567890"'), None),
    ("gogsmmodem-zte", read(read_message, "AT+CMGR=1"), None),
    ("gogsmmodem-zte", lambda x: len(lines('AT+CMGL="ALL"')(x)), 6),
    (
        "modemmanager-helpers",
        told("+CREG", read_registration, "+CREG"),
        [
            R.DENIED,
            R.DENIED,
            R.LOCAL_EMERGENCY_ONLY,
            R.HOME,
            R.HOME,
            R.LOCAL_EMERGENCY_ONLY,
            R.HOME,
            R.HOME,
            R.IDLE,
            R.HOME,
            R.SEARCHING,
            R.HOME,
            R.HOME,
            R.HOME,
            R.HOME,
            R.ROAMING_NO_FALLBACK,
            R.LOCAL_EMERGENCY_ONLY,
            R.HOME_SMS_ONLY,
            R.ROAMING,
            R.ROAMING,
            R.ROAMING,
            R.HOME,
            R.HOME,
        ],
    ),
    ("node-pdu-22-echo-of-pdu-513", results("AT+CMGS=137"), ["+CMS ERROR: 513"]),
    ("node-pdu-22-echo-of-pdu-513", lines("AT+CMGS=137"), ()),
    ("pygsm-busy-and-escape", results("ATZ"), ["+CMS ERROR: 515"]),
    ("serialport-gsm-119-lost-prompt", results("AT+CMGS=18"), []),
    ("serialport-gsm-119-lost-prompt", lambda x: exchange_of(x, "AT+CMGS=18").prompts, 0),
    ("serialport-gsm-137-cmgf-3517", results("AT+CMGF=0"), ["+CME ERROR: 3517"]),
    ("serialport-gsm-92-cmti-321", slots, [Slot(memory="ME", index=67)]),
    ("serialport-gsm-92-cmti-321", results("AT+CMGR=67"), ["+CMS ERROR: 321"]),
    (
        "sim800-boot",
        lambda x: names(x)[-4:],
        ["+CREG", "+CPIN", "CALL READY", "SMS READY"],
    ),
    ("sim800-boot", results("AT+CMGF=1"), ["ERROR"]),
    (
        "simcom-boot-A7670",
        read(read_registration, "AT+CEREG?", "+CEREG"),
        R.LOCAL_EMERGENCY_ONLY,
    ),
    ("simcom-boot-A7670", results("AT+CIMI"), ["+CME ERROR: 10"]),
    ("simcom-boot-A7670", results("AT+COPS?"), ["+CME ERROR: 30"]),
    ("stk-openwrt-ussd-plain", results("AT&F&C1&D2"), ["OK"]),
    ("tinygsm-243-ga6-prompt", results("AT+CMGS=+458116757"), ["+CMS ERROR: 500"]),
    ("tinygsm-413-cms500", results('AT+CMGS="..."'), ["+CMS ERROR: 500"]),
    ("urc-samples", lambda x: "" in names(x), False),
    ("warthog618-modem-gsm", read(read_reference, 'AT+CMGS="+123456789"'), 42),
    ("warthog618-modem-gsm", read(read_reference, "AT+CMGS=152"), 43),
    ("warthog618-modem-gsm", lengths, [24, None, 13, 27, 19]),
]


def counted(path: Path, pieces: int) -> Count:
    spoken = entries(path)
    exchanges = replay(spoken, pieces=pieces)
    return Count(
        written=sum(entry.side is Side.MODEM for entry in spoken),
        lines=sum(len(one.lines) for one in exchanges),
        results=sum(len(one.results) for one in exchanges),
        told=sum(len(one.told) for one in exchanges),
        prompts=sum(one.prompts for one in exchanges),
    )


def test_every_dialogue_has_its_expectations(transcripts: Path) -> None:
    there = {path.stem for path in transcripts.glob("*.txt")}
    assert there == set(COUNTS) == {name for name, _, _ in MEANINGS}


@pytest.mark.parametrize("pieces", [10_000, 1])
@pytest.mark.parametrize("name", COUNTS)
def test_every_line_is_told_apart(transcripts: Path, name: str, pieces: int) -> None:
    """Whatever pieces it comes in."""
    assert counted(transcripts / f"{name}.txt", pieces) == COUNTS[name]


@pytest.mark.parametrize(("name", "reading", "expected"), MEANINGS)
def test_what_it_means(
    transcripts: Path, name: str, reading: Callable[[Exchanges], object], expected: object
) -> None:
    assert reading(replay(entries(transcripts / f"{name}.txt"))) == expected


def test_noise_of_boot_and_signal_never_ends_a_command(transcripts: Path) -> None:
    parser = Parser()
    parser.begin(request("AT+CMGS=20", prompt=True))
    for entry in entries(transcripts / "garronej-10-boot-rssi-noise.txt"):
        events = parser.feed(entry.data)
        assert events
        assert all(isinstance(event, Unsolicited) for event in events)


def test_unsolicited_samples_are_no_answers(transcripts: Path) -> None:
    samples = entries(transcripts / "urc-samples.txt")
    assert len(samples) > 20
    for sample in samples:
        parser = Parser()
        parser.begin(request("AT+CGMI"))
        (event,) = parser.feed(sample.data)
        assert isinstance(event, Unsolicited), sample


def test_every_result_in_every_dialogue_ends_its_command(transcripts: Path) -> None:
    seen = 0
    for path in sorted(transcripts.glob("*.txt")):
        for entry in entries(path):
            text = entry.data.decode("latin-1").strip()
            if entry.side is Side.MODEM and re.fullmatch(r"OK|ERROR|\+CM[ES] ERROR: .*", text):
                seen += 1
                parser = Parser()
                parser.begin(request("AT+CSQ"))
                exchange = Exchange("AT+CSQ", parser.feed(entry.data))
                assert exchange.results, (path.name, text)
    assert seen > 100
