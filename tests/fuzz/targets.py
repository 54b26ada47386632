"""What is fuzzed: functions of octets that hold for every input, or raise.

Each is run by `tests.fuzz.run` on what coverage leads to, and by ``test_seeds.py`` on the inputs
that once found something. They assert more than survival: a parser gives the same events however
its octets are cut, and what a codec has written it reads again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Final

from gateway import at
from gateway.at import Ended, Event, Line, Parser, Prompt, Unsolicited, request
from gateway.at.parser import MAX_LINE
from gateway.domain.errors import DecodeError, EncodeError
from gateway.domain.redaction import StandIns
from gateway.domain.results import FinalResult, ResultKind
from gateway.modem.receive.kinds import Kind, kind_of
from gateway.modem.trace.redaction import LineRedactor
from gateway.sms import decode_deliver, decode_submit, encode_submits, join_parts
from gateway.sms.email import email_in
from gateway.sms.redaction import redact_pdu
from gateway.sms.ussd import MAX_TEXT, pack_ussd, read_ussd_text, ucs2_ussd
from tests.sms.decoders import DECODERS, decode_whole

COMMANDS: Final = (
    request("AT"),
    request("AT+CMGS=26", prompt=True),
    request("AT+CMGL=4"),
    request("AT+CMGR=1"),
    request("AT+CPIN?"),
    request("AT+CREG?"),
    request("AT+CPMS=?"),
    request("AT+CUSD=1"),
)

RESULTS: Final = (
    FinalResult(kind=ResultKind.OK, text="OK"),
    FinalResult(kind=ResultKind.CME, code=14, text="+CME ERROR: 14"),
    FinalResult(kind=ResultKind.ERROR, text="ERROR"),
)


def parser(data: bytes) -> None:
    """Any stream: the same events in one piece and octet by octet, and none beyond its bounds."""
    if not data:
        return
    asked, wire = COMMANDS[data[0] % len(COMMANDS)], data[1:]
    events = _parse(asked, [wire])
    assert events == _parse(asked, [wire[at : at + 1] for at in range(len(wire))])
    for event in events:
        if isinstance(event, Line | Unsolicited):
            assert event.text
            assert len(event.text) <= MAX_LINE
        else:
            assert isinstance(event, Ended | Prompt)


def _parse(asked: at.Request, pieces: list[bytes]) -> list[Event]:
    reader = Parser()
    reader.begin(asked)
    return [event for piece in pieces for event in reader.feed(piece)]


def readers(data: bytes) -> None:
    """Any lines of an answer: every reader returns, and what it returns was there."""
    text = data.decode("utf-8", "replace")
    lines = tuple(line.strip() for line in text.splitlines() if line.strip())
    written = {line.replace(" ", "") for line in lines}
    for stored in [at.read_message(lines), *at.read_list(lines)]:
        if stored is not None:
            assert any(stored.pdu in line for line in written)
            kind_of(stored, Kind.OTHER)
    for prefix in ("+CREG", "+CGREG", "+CEREG"):
        at.read_registration(lines, prefix)
    for result in RESULTS:
        at.read_sim_state(lines, result)
    for reader in (at.read_memories, at.read_usage, at.read_signal, at.read_operator):
        reader(lines)
    assert at.read_reference(lines) in (None, *range(256))
    for line in lines:
        at.read_slot(line)
        at.read_final(line)
        at.read_routed(line, lines[-1])
    _identity(lines)


def _identity(lines: tuple[str, ...]) -> None:
    assert len(at.read_imei(lines) or "") <= 15
    assert len(at.read_iccid(lines) or "") <= 22
    assert len(at.read_imsi(lines) or "") <= 15
    at.read_smsc(lines)
    at.read_text(lines, "+CGMM")


def pdu(data: bytes) -> None:
    """Any octets as a PDU: a value all of which can be read, or a DecodeError."""
    if not data:
        return
    length = data[0] if data[0] < 200 else None
    for decode in DECODERS:
        for has_smsc in (True, False):
            with contextlib.suppress(DecodeError):
                decode_whole(decode, data[1:], has_smsc=has_smsc, length=length)
    with contextlib.suppress(DecodeError):
        join_parts([decode_deliver(data[1:], allow_truncated=True)] * 2)


def text(data: bytes) -> None:
    """Any text: what is written into parts is read out of them."""
    if not data:
        return
    wanted = data[1:].decode("utf-8", "replace").replace("\x00", "")
    try:
        written = encode_submits(
            to="+447700900123", text=wanted, reference=data[0], report=True, validity=None
        )
    except EncodeError:
        return
    read = [decode_submit(part.hex) for part in written]
    assert "".join(part.text or "" for part in read) == wanted
    email_in(wanted)


def ussd(data: bytes) -> None:
    """Any answer of the network's menus is read; every request that can be written is one line."""
    wanted = data.decode("utf-8", "replace")
    said = at.read_ussd(f"+CUSD: {wanted}")
    read = read_ussd_text(wanted if said is None else said.text)
    assert len(read) <= MAX_TEXT
    assert read == read.strip()
    with contextlib.suppress(EncodeError):
        packed = pack_ussd(wanted)
        assert len(bytes.fromhex(packed)) <= len(wanted) * 2 + 1
    assert bytes.fromhex(ucs2_ussd(read)).decode("utf-16-be", "replace") == read


def redaction(data: bytes) -> None:
    """Any dialogue is redacted, each line of it and each PDU at its own length."""
    redactor = LineRedactor()
    for number, line in enumerate(data.decode("latin-1").splitlines()):
        told = redactor.host(line) if number % 3 == 0 else redactor.modem(line)
        assert len(told) == len(line)
    digits = data.hex()
    assert len(redact_pdu(digits, StandIns(), length=len(data) % 200)) == len(digits)


TARGETS: Final[dict[str, Callable[[bytes], None]]] = {
    "parser": parser,
    "readers": readers,
    "pdu": pdu,
    "text": text,
    "ussd": ussd,
    "redaction": redaction,
}
