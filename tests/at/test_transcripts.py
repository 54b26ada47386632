"""Dialogues that real modems held (shared/data/modem/transcripts), replayed through the parser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from gateway.at import (
    Ended,
    Event,
    Line,
    Parser,
    Prompt,
    Registration,
    Slot,
    Unsolicited,
    read_message,
    read_reference,
    read_registration,
    read_routed,
    read_slot,
    read_smsc,
    request,
)

REMARK = re.compile(r"\s{2,}\[.*\]\s*$")
BYTES = {"<CR>": "\r", "<LF>": "\n", "<ESC>": "\x1b", "<SUB>": "\x1a"}


def plain(text: str) -> str:
    text = REMARK.sub("", text)
    for written, byte in BYTES.items():
        text = text.replace(written, byte)
    return text


def dialogue(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (direction, text) of each line, as a file shows them."""
    for line in path.read_text().splitlines():
        if line[:3] in (">> ", "<< ", "<<"):
            yield line[:2], plain(line[3:])


def replay(path: Path) -> list[tuple[str, list[Event]]]:
    """Return what each command of a dialogue got; what comes before the first belongs to ``""``."""
    parser = Parser()
    exchanges: list[tuple[str, list[Event]]] = [("", [])]
    for direction, text in dialogue(path):
        if direction == "<<":
            exchanges[-1][1].extend(parser.feed(text.encode() + b"\r\n"))
        elif text.endswith("\x1a"):
            parser.begin_pdu(text.rstrip("\x1a"))
        elif (command := text.strip()).startswith("AT"):
            parser.begin(request(command, prompt=command.startswith("AT+CMGS=")))
            exchanges.append((command, []))
    return exchanges


def lines(events: list[Event]) -> tuple[str, ...]:
    return tuple(event.text for event in events if isinstance(event, Line))


def told(events: list[Event]) -> list[Unsolicited]:
    return [event for event in events if isinstance(event, Unsolicited)]


def results(events: list[Event]) -> list[str]:
    return [str(event.result) for event in events if isinstance(event, Ended)]


def test_submit_with_auto_reply_gets_its_reference_and_its_report(transcripts: Path) -> None:
    exchanges = replay(transcripts / "faucamp-44-autoreply-with-report.txt")
    command, events = exchanges[-1]
    assert command == "AT+CMGS=61"
    assert Prompt() in events
    assert read_reference(lines(events)) == 64
    assert results(events) == ["OK"]
    (report,) = told(events)
    stored = read_routed(report.text, report.pdu)
    assert stored is not None
    assert (stored.length, stored.pdu[:18]) == (25, "079119890400202306")


def test_report_announced_in_a_memory_that_cannot_be_read(transcripts: Path) -> None:
    exchanges = replay(transcripts / "babca-106-cdsi-sr-321.txt")
    assert [read_slot(one.text) for one in told(exchanges[1][1])] == [Slot(memory="SR", index=8)]
    assert results(exchanges[-1][1]) == ["+CMS ERROR: 321"]


def test_report_announced_before_the_echo_of_the_next_command(transcripts: Path) -> None:
    parser = Parser()
    parser.begin(request("AT+CPIN?"))
    wire = "".join(
        text
        for direction, text in dialogue(transcripts / "gammu-408-cdsi-inside-answer.txt")
        if direction == "<<"
    )
    events = parser.feed(wire.partition("+CPMS")[0].encode())
    assert [one.text for one in told(events)] == ['+CDSI: "SR",0']
    assert lines(events) == ("+CPIN: READY",)
    assert results(events) == ["OK"]


def test_prompt_without_a_blank(transcripts: Path) -> None:
    text = (transcripts / "gammu-1176-bare-prompt.txt").read_text()
    octets = re.search(r"(?m)^((?:[0-9a-f]{2} )+)", text)
    assert octets is not None
    parser = Parser()
    parser.begin(request("AT+CMGS=26", prompt=True))
    assert parser.feed(bytes.fromhex(octets.group(1))) == [Prompt()]


def test_echoed_pdu_and_second_prompt_before_the_refusal(transcripts: Path) -> None:
    exchanges = replay(transcripts / "node-pdu-22-echo-of-pdu-513.txt")
    command, events = exchanges[1]
    assert command == "AT+CMGS=137"
    assert lines(events) == ()
    assert results(events) == ["+CMS ERROR: 513"]


def test_double_echo(transcripts: Path) -> None:
    exchanges = dict(replay(transcripts / "faucamp-56-double-echo.txt"))
    assert results(exchanges["ATE0"]) == ["OK"]
    assert lines(exchanges["ATE0"]) == ()
    assert lines(exchanges["AT+CPIN?"]) == ("+CPIN: READY",)


def test_noise_before_the_first_command_and_bare_ok_for_a_submit(transcripts: Path) -> None:
    exchanges = replay(transcripts / "gogsmmodem-zte.txt")
    assert {one.name for one in told(exchanges[0][1])} == {
        "+ZUSIMR",
        "+ZPASR",
        "+ZDONR",
        "",
        "+ZZZ",
    }
    submit = next(events for command, events in exchanges if command.startswith("AT+CMGS"))
    assert Prompt() in submit
    assert results(submit)[:1] == ["OK"]
    assert read_reference(lines(submit)) is None


def test_noise_of_boot_and_signal_never_ends_a_command(transcripts: Path) -> None:
    parser = Parser()
    parser.begin(request("AT+CMGS=20", prompt=True))
    for _, text in dialogue(transcripts / "garronej-10-boot-rssi-noise.txt"):
        events = parser.feed(text.encode())
        assert events
        assert told(events) == events


def test_unsolicited_samples_are_no_answers(transcripts: Path) -> None:
    samples = (transcripts / "urc-samples.txt").read_text().partition("command]\n")[2].splitlines()
    assert len(samples) > 20
    for sample in samples:
        parser = Parser()
        parser.begin(request("AT+CGMI"))
        (event,) = parser.feed(sample.encode() + b"\r\n")
        assert isinstance(event, Unsolicited), sample


def test_stored_reports_of_the_python_gsmmodem_tests(transcripts: Path) -> None:
    exchanges = replay(transcripts / "faucamp-test-modem.txt")
    reads = {command: read_message(lines(events)) for command, events in exchanges}
    zte, plain_one = reads["AT+CMGR=1"], reads["AT+CMGR=3"]
    assert zte is not None
    assert plain_one is not None
    assert (zte.length, plain_one.length) == (27, 24)
    assert reads["AT+CMGR=57"] is None, "text mode has no PDU"


def test_registration_corners(transcripts: Path) -> None:
    for name in ("gammu-at-creg.txt", "gammu-at-creg-corner.txt"):
        text = (transcripts / name).read_text()
        for line in re.findall(r"(?m)^(\+CREG:.*)<LF>$", text):
            expected = int(re.split("[:,]", line)[2])
            assert read_registration((line,), "+CREG") is Registration(expected)


def test_service_centres(transcripts: Path) -> None:
    text = (transcripts / "gammu-at-smsc.txt").read_text()
    numbers = [read_smsc((line,)) for line in re.findall(r"(?m)^(\+CSCA:.*)<LF>$", text)]
    assert numbers == ["+97254120032", "+79168999100", "+6281100000", "+447802092035"]


def test_every_result_in_every_dialogue_ends_its_command(transcripts: Path) -> None:
    seen = 0
    for path in sorted(transcripts.glob("*.txt")):
        for direction, text in dialogue(path):
            if direction == "<<" and re.fullmatch(r"\s*(OK|ERROR|\+CM[ES] ERROR: .*)\s*", text):
                seen += 1
                parser = Parser()
                parser.begin(request("AT+CSQ"))
                assert results(parser.feed(text.encode() + b"\r\n")), (path.name, text)
    assert seen > 100
