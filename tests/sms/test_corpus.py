"""Real PDUs, each checked on every field that its source states (shared/data/modem/README.md)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.domain.errors import DecodeError
from gateway.domain.phone import matching_tail
from gateway.sms import (
    Address,
    Alphabet,
    Command,
    Deliver,
    Direction,
    Element,
    Header,
    Language,
    Pdu,
    StatusReport,
    Submit,
    UserData,
    decode_command,
    decode_deliver,
    decode_deliver_report,
    decode_pdu,
    decode_status_report,
    decode_submit,
    decode_submit_report,
    join_parts,
)
from gateway.sms.frame import unframe
from gateway.sms.header import ElementId, encode_header
from gateway.sms.userdata import encode_user_data

Record = dict[str, Any]

DECODERS: dict[str, Callable[..., Pdu]] = {
    "deliver": decode_deliver,
    "submit": decode_submit,
    "status-report": decode_status_report,
    "submit-report": decode_submit_report,
    "deliver-report": decode_deliver_report,
    "command": decode_command,
    "deliver-septets": decode_submit,  # the first octets are those of a submit, see its note
    "unknown": decode_pdu,
    "invalid": decode_pdu,
}

NOT_AS_WE_WRITE = {
    185: "the source left rubbish in the unused bits behind the last septet; we leave zeros",
    213: "states more septets than there are, so that we state fewer",
    305: "text in UCS-2 under the reserved coding 0xF9, which is to be read as 7 bit (TS 23.038 "
    "clause 4): two octets more than so many septets take are left unread",
    328: "as 213",
}
"""Submits that do not come out of the encoder as they went into the decoder, with the reason."""

NO_CLAIM_ON_THE_PDU = {
    "must_parse": "claims only that decoding raises nothing, which every record here is held to",
    "accepted_mr": "the number that the modem gave in its answer, used by matches_sent_number",
    "modem_answer": "what the modem said, not what the PDU says",
    "error": "of the invalid ones, see test_refuses_what_the_source_refuses",
    "gammu_expects_error": "as above",
    "error_source": "as above",
    "as": "as above",
    "direction": "as above",
}


def decode(record: Record, **options: Any) -> Pdu:
    decoder = DECODERS[record["expect"].get("as", record["kind"])]
    return decoder(record["pdu"], has_smsc=record["has_smsc"], **options)


def party(pdu: Pdu) -> Address:
    if isinstance(pdu, Deliver):
        return pdu.sender
    if isinstance(pdu, StatusReport):
        return pdu.recipient
    assert isinstance(pdu, Submit | Command)
    return pdu.destination


def user_data(pdu: Pdu) -> UserData:
    if isinstance(pdu, Deliver | Submit | Command):
        return pdu.user_data
    assert pdu.parameters.user_data is not None
    return pdu.parameters.user_data


def protocol(pdu: Pdu) -> int | None:
    return pdu.protocol if isinstance(pdu, Deliver | Submit | Command) else pdu.parameters.protocol


def number_or_none(address: Address | None) -> str | None:
    return None if address is None else address.number


def as_source_prints_digits(number: str) -> str:
    return number.translate(str.maketrans("*#abc", "abcde"))


def concat_of(pdu: Pdu) -> dict[str, int] | None:
    concat = user_data(pdu).header.concat
    if concat is None:
        return None
    return {"ref": concat.reference, "total": concat.total, "seq": concat.sequence}


def local(instant: datetime | None) -> str:
    assert instant is not None
    return instant.replace(tzinfo=None).isoformat()


def utc(instant: datetime | None) -> str:
    assert instant is not None
    return local(instant.astimezone(UTC))


def seconds(pdu: Any) -> float:
    assert isinstance(pdu.validity.period, timedelta)
    return pdu.validity.period.total_seconds()


def tpdu_length(record: Record, length: int) -> int:
    """The length that the octets themselves amount to; decoding must not mind being told it."""
    assert decode(record, length=length) == decode(record)
    return unframe(record["pdu"], has_smsc=record["has_smsc"], length=None)[1].remaining


READINGS: dict[str, Callable[[Any, Any], Any]] = {
    "number": lambda pdu, _: party(pdu).number,
    "number_digits": lambda pdu, _: party(pdu).number.removeprefix("+"),
    "number_entered": lambda pdu, _: party(pdu).number,
    "number_broken": lambda pdu, _: as_source_prints_digits(party(pdu).number),
    "number_type": lambda pdu, _: party(pdu).type.name.lower(),
    "toa": lambda pdu, _: party(pdu).toa,
    "smsc": lambda pdu, _: number_or_none(pdu.smsc),
    "smsc_entered": lambda pdu, _: number_or_none(pdu.smsc),
    "smsc_digits": lambda pdu, _: number_or_none(pdu.smsc).removeprefix("+"),  # type: ignore[union-attr]
    "mr": lambda pdu, _: pdu.reference,
    "pid": lambda pdu, _: protocol(pdu),
    "dcs": lambda pdu, _: user_data(pdu).coding.octet,
    "alphabet": lambda pdu, _: user_data(pdu).coding.alphabet.value,
    "coding": lambda pdu, _: {Alphabet.GSM7: "Default", Alphabet.UCS2: "Unicode"}[
        user_data(pdu).coding.alphabet
    ],
    "class": lambda pdu, _: user_data(pdu).coding.message_class,
    "udl": lambda pdu, _: encode_user_data(user_data(pdu))[0],
    "udh_len": lambda pdu, _: encode_header(user_data(pdu).header)[0],
    "text": lambda pdu, _: user_data(pdu).text,
    "text_part": lambda pdu, _: user_data(pdu).text,
    "text_contains": lambda pdu, claim: claim if claim in user_data(pdu).text else None,  # type: ignore[operator]
    "text_error": lambda pdu, claim: claim if "\ufffd" in user_data(pdu).text else None,  # type: ignore[operator]
    "email_from": lambda pdu, _: pdu.email.sender,
    "concat": lambda pdu, claim: {key: concat_of(pdu)[key] for key in claim},  # type: ignore[index]
    "multipart": lambda pdu, _: concat_of(pdu) is not None,
    "parts": lambda pdu, _: 1 if concat_of(pdu) is None else None,
    "dest_port": lambda pdu, _: pdu.ports.destination,
    "orig_port": lambda pdu, _: pdu.ports.source,
    "mwi": lambda pdu, _: "set" if pdu.waiting[0].active else "clear",
    "mwi_store": lambda pdu, _: pdu.waiting[0].store,
    "timestamp": lambda pdu, _: pdu.timestamp.isoformat(),
    "timestamp_utc": lambda pdu, _: utc(pdu.timestamp),
    "timestamp_local": lambda pdu, _: local(pdu.timestamp),
    "timestamp_epoch": lambda pdu, _: pdu.timestamp.timestamp(),
    "discharge": lambda pdu, _: pdu.discharge.isoformat(),
    "discharge_utc": lambda pdu, _: utc(pdu.discharge),
    "discharge_local": lambda pdu, _: local(pdu.discharge),
    "status": lambda pdu, _: pdu.status,
    "status_report_requested": lambda pdu, _: pdu.report,
    "validity_seconds": lambda pdu, _: seconds(pdu),
    "validity_absolute": lambda pdu, _: pdu.validity.until.isoformat(),
    "validity_absolute_utc": lambda pdu, _: utc(pdu.validity.until),
    "vp_relative": lambda pdu, _: pdu.validity.raw[0],
    "vpf": lambda pdu, _: pdu.validity.format.name.lower(),
}
"""How each claim is read off a decoded PDU."""

RECORD_READINGS: dict[str, Callable[[Record, Any], Any]] = {
    "cmgs_length": tpdu_length,
    "cmgr_length": tpdu_length,
    "cds_length": tpdu_length,
}
"""Claims about the record as a whole."""

ELSEWHERE = {
    "text_full": "test_joins_a_group_to_the_text_of_its_source",
    "matches_sent_number": "test_report_carries_the_number_that_was_sent_to",
    "locking_language": "test_decodes_septets_with_national_tables",
    "single_shift_language": "test_decodes_septets_with_national_tables",
}
"""Claims that a test of their own checks."""


@pytest.mark.kinds(
    "deliver", "submit", "status-report", "submit-report", "deliver-report", "command", "unknown"
)
def test_reads_every_field_that_the_source_states(record: Record) -> None:
    pdu = decode(record)
    claims = record["expect"]
    stated = {key: claims[key] for key in claims if key in READINGS}
    read = {key: READINGS[key](pdu, claim) for key, claim in stated.items()}
    for key in claims.keys() & RECORD_READINGS.keys():
        stated[key], read[key] = claims[key], RECORD_READINGS[key](record, claims[key])
    assert read == stated


def test_no_claim_of_the_corpus_goes_unread(all_records: tuple[Record, ...]) -> None:
    claims = {key for record in all_records for key in record["expect"]}
    read = READINGS.keys() | RECORD_READINGS.keys() | ELSEWHERE.keys()
    assert claims - read <= NO_CLAIM_ON_THE_PDU.keys()


@pytest.mark.kinds("invalid")
def test_refuses_what_the_source_refuses(record: Record) -> None:
    role = record["expect"].get("as")
    with pytest.raises(DecodeError) as caught:
        DECODERS[role or "invalid"](record["pdu"], has_smsc=record["has_smsc"])
    stated = re.match(r'"\w+\.([\w.]+)", (\d+)', record["expect"].get("error_source", ""))
    # The source takes a filler among the digits for an underflow; we read up to the filler.
    if stated and not stated[1].endswith(".addr"):
        assert caught.value.offset == int(stated[2])


@pytest.mark.kinds("deliver-septets")
def test_decodes_septets_with_national_tables(record: Record) -> None:
    claims = record["expect"]
    elements = [
        Element(identifier, bytes([Language[claims[key].upper()]]))
        for key, identifier in (
            ("locking_language", ElementId.LOCKING_SHIFT),
            ("single_shift_language", ElementId.SINGLE_SHIFT),
        )
        if claims[key]
    ]
    data = user_data(decode(record))
    assert replace(data, header=Header(tuple(elements))).text == claims["text"]


def test_joins_a_group_to_the_text_of_its_source(all_records: tuple[Record, ...]) -> None:
    compared = 0
    for records in grouped(all_records):
        parts = [as_deliver(decode(record)) for record in records]
        text = records[0]["expect"].get("text_full")
        total = parts[0].concat.total if parts[0].concat else 1
        if text is not None and len(parts) == total:
            assert join_parts(reversed(parts)) == text
            compared += 1
    assert compared


@pytest.mark.kinds("deliver", "submit")
def test_part_is_in_the_whole_text(record: Record) -> None:
    whole = record["expect"].get("text_full")
    text = user_data(decode(record)).text
    assert whole is None or (text is not None and text in whole)


def grouped(records: tuple[Record, ...]) -> list[list[Record]]:
    groups: dict[str, list[Record]] = {}
    for record in records:
        if "group" in record:
            groups.setdefault(record["group"], []).append(record)
    return list(groups.values())


def as_deliver(pdu: Pdu) -> Deliver:
    assert isinstance(pdu, Deliver | Submit)
    return Deliver(sender=party(pdu), user_data=pdu.user_data, timestamp=None)


@pytest.mark.kinds("status-report")
def test_report_carries_the_number_that_was_sent_to(
    record: Record, all_records: tuple[Record, ...]
) -> None:
    sent_to = record["expect"].get("matches_sent_number")
    report = decode(record)
    assert isinstance(report, StatusReport)
    if sent_to is True:
        (sent,) = (r for r in all_records if r["expect"].get("accepted_mr") == report.reference)
        sent_to = party(decode(sent)).number
    if sent_to:
        assert matching_tail(report.recipient.number) == matching_tail(sent_to)


@pytest.mark.kinds("submit")
def test_encodes_a_decoded_submit_to_the_same_octets(record: Record) -> None:
    pdu = decode(record)
    assert isinstance(pdu, Submit)
    encoded = pdu.encode().hex
    as_it_was = encoded[0 if record["has_smsc"] else 2 :] == record["pdu"].upper()
    assert as_it_was is (record["id"] not in NOT_AS_WE_WRITE)


@pytest.mark.kinds("deliver", "submit", "status-report")
def test_type_is_found_without_being_told(record: Record) -> None:
    assert decode_pdu(record["pdu"], has_smsc=record["has_smsc"]) == decode(record)


@pytest.mark.kinds("submit-report", "deliver-report", "command")
def test_type_is_found_with_its_direction(record: Record) -> None:
    direction = Direction(record["direction"])
    found = decode_pdu(record["pdu"], has_smsc=record["has_smsc"], direction=direction)
    assert found == decode(record)
