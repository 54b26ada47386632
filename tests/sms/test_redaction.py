"""A redacted PDU holds nobody's number and nobody's text, and decodes to the same structure."""

from __future__ import annotations

import contextlib
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from gateway.domain.errors import DecodeError
from gateway.domain.redaction import StandIns
from gateway.sms import (
    Address,
    Deliver,
    Header,
    NumberType,
    Pdu,
    StatusReport,
    Submit,
    UserData,
    coding,
    decode_pdu,
    gsm7,
)
from gateway.sms.header import Concat, concat_element
from gateway.sms.redaction import redact_pdu

Record = dict[str, Any]

NUMBERS = st.from_regex(r"\+?[0-9]{7,15}", fullmatch=True)
WORDS = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), min_size=5, max_size=12)


def structure(value: object, name: str = "") -> object:
    """Return a value with what is private replaced by its size and kind."""
    if isinstance(value, Address):
        return (len(value.number), value.type, value.plan)
    if name == "content":
        assert isinstance(value, bytes)
        return len(value)
    if name == "elements":
        assert isinstance(value, tuple)
        return [(element.identifier, len(element.data)) for element in value]
    if is_dataclass(value):
        return {f.name: structure(getattr(value, f.name), f.name) for f in fields(value)}
    return value


def decoded(pdu: str, length: int | None = None) -> Pdu | None:
    with contextlib.suppress(DecodeError):
        return decode_pdu(pdu, length=length)
    return None


def test_every_real_pdu_keeps_its_structure(all_records: tuple[Record, ...]) -> None:
    compared = 0
    for record in filter(in_dialogues, all_records):
        pdu, length = record["pdu"], stated(record)
        shown = redact_pdu(pdu, StandIns(), length=length)
        assert len(shown) == len(pdu)
        before, after = decoded(pdu, length), decoded(shown, length)
        if before is not None:
            assert structure(after) == structure(before), record["id"]
            compared += 1
        if isinstance(before, Deliver) and isinstance(after, Deliver):
            assert after.concat == before.concat
    assert compared > 100


def test_no_number_of_a_real_pdu_is_left(all_records: tuple[Record, ...]) -> None:
    looked_for = 0
    for record in filter(in_dialogues, all_records):
        expect = record["expect"]
        number = str(expect.get("number") or expect.get("number_digits") or "").strip()
        digits = number.removeprefix("+")
        if len(digits) > 6 and digits.isdecimal():
            shown = redact_pdu(record["pdu"], StandIns(), length=stated(record))
            assert digits not in repr(decoded(shown)), record["id"]
            looked_for += 1
    assert looked_for > 40


def in_dialogues(record: Record) -> bool:
    return bool(record["has_smsc"])


def stated(record: Record) -> int | None:
    expect = record["expect"]
    length = expect.get("cmgr_length") or expect.get("cds_length") or expect.get("cmgs_length")
    return int(length) if length else None


@given(
    number=NUMBERS, words=st.lists(WORDS, min_size=1, max_size=8), width=st.sampled_from([8, 16])
)
def test_no_number_and_no_word_is_left(number: str, words: list[str], width: int) -> None:
    text = " ".join(words)
    assume(set(number[-6:]) - set("015"))
    kind = NumberType.INTERNATIONAL if number.startswith("+") else NumberType.UNKNOWN
    part = Header((concat_element(Concat(reference=7, total=3, sequence=2, width=width)),))
    for scheme, content in (
        (coding.GSM7, gsm7.encode(text)),
        (coding.UCS2, text.encode("utf-16-be")[:130]),
        (coding.OCTETS, text.encode()),
    ):
        pdu = Submit(
            destination=Address(number=number, type=kind),
            user_data=UserData(coding=scheme, header=part, content=content),
            reference=200,
            report=True,
        ).encode()
        shown = redact_pdu(pdu.hex, StandIns(), length=pdu.length)
        before, after = decode_pdu(pdu.hex), decode_pdu(shown)
        assert structure(after) == structure(before)
        assert isinstance(after, Submit)
        assert after.user_data.header == part
        assert (after.reference, after.report) == (200, True)
        assert number[-6:] not in repr(after)
        assert all(word not in (after.text or "") for word in words if len(set(word)) > 1)


@given(
    octets=st.binary(min_size=1, max_size=60),
    head=st.sampled_from(["", "00", "0791198904100161", "000000FF00"]),
    length=st.none() | st.integers(0, 80),
)
def test_whatever_the_octets_it_keeps_their_length(
    octets: bytes, head: str, length: int | None
) -> None:
    pdu = head + octets.hex().upper()
    shown = redact_pdu(pdu, StandIns(), length=length)
    assert len(shown) == len(pdu)
    if (before := decoded(pdu, length)) is not None and isinstance(
        before, Deliver | Submit | StatusReport
    ):
        assert structure(decoded(shown, length)) == structure(before)


@given(st.text(max_size=40))
def test_what_is_no_pdu_is_blanked(text: str) -> None:
    assert len(redact_pdu(text, StandIns())) == len(text)


def test_the_same_number_has_the_same_stand_in_in_either_form() -> None:
    stand_ins = StandIns()
    international, national = stand_ins.number("+447700900123"), stand_ins.number("07700900123")
    assert international == "+555555000001"
    assert national == "55555000001"
    assert stand_ins.number("+447700900124") == "+555555000002"
    assert [stand_ins.number(code) for code in ("85111", "121", "5", "")] == [
        "50003",
        "504",
        "5",
        "",
    ]


def test_a_report_keeps_what_a_dispute_is_about() -> None:
    report = "07917248014000F506B70AA18092020000317071518590803170715185418000"
    shown = decode_pdu(redact_pdu(report, StandIns()))
    assert isinstance(shown, StatusReport)
    assert (shown.reference, shown.status) == (183, 0)
    assert shown.discharge is not None
    assert shown.discharge.astimezone(UTC) == datetime(2013, 7, 17, 13, 58, 14, tzinfo=UTC)
    assert shown.recipient.number == "5555000002"


def test_halves_of_characters_stay_halves() -> None:
    """Else a fault of joining (MODEMS.md 4.17) would be gone from the trace that shows it."""
    data = UserData(coding=coding.UCS2, content="a".encode("utf-16-be") + b"\xd8\x3d")
    pdu = Submit(destination=Address(number="123"), user_data=data).encode().hex
    shown = decode_pdu(redact_pdu(pdu, StandIns()))
    assert isinstance(shown, Submit)
    assert shown.user_data.content == b"\0a\xd8\x3d"


def test_different_texts_have_different_stand_ins() -> None:
    """Else two messages of equal length would look like one that the network sent twice."""
    stand_ins = StandIns()
    texts = set()
    for text in ("hello", "olleh", "hello"):
        data = UserData(content=gsm7.encode(text))
        pdu = Submit(destination=Address(number="123"), user_data=data).encode().hex
        shown = decode_pdu(redact_pdu(pdu, stand_ins))
        assert isinstance(shown, Submit)
        texts.add(shown.text)
    assert texts == {"aaaaa", "bbbbb"}


def test_lower_case_stays_lower_case() -> None:
    assert redact_pdu("0001000b918167747074f8000005c8329bfd06", StandIns()) == (
        "0001000b915555050000f1000005e170381c06"
    )
