from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gateway.domain.errors import DecodeError
from gateway.sms import NumberType, Ports, WaitingKind, decode_deliver

SMSC = "07916407058099F9"
SENDER = "0B916407950303F1"
TIME = "62113290030000"


def deliver(first: str = "04", pid: str = "00", dcs: str = "00", data: str = "04D4E2940A") -> str:
    return SMSC + first + SENDER + pid + dcs + TIME + data


def test_every_field() -> None:
    message = decode_deliver(deliver())
    assert (message.sender.number, message.sender.type) == (
        "+46705930301",
        NumberType.INTERNATIONAL,
    )
    assert message.smsc
    assert message.smsc.number == "+46705008999"
    assert message.timestamp == datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    assert (message.text, message.data, message.protocol) == ("TEST", None, 0)
    assert (message.concat, message.ports, message.waiting, message.email) == (None, None, (), None)


@pytest.mark.parametrize(
    ("first", "flags"),
    [
        pytest.param("04", (False, False, False, False), id="plain"),
        pytest.param("00", (True, False, False, False), id="more messages"),
        pytest.param("0C", (False, True, False, False), id="loop prevention"),
        pytest.param("24", (False, False, True, False), id="report indication"),
        pytest.param("84", (False, False, False, True), id="reply path"),
        pytest.param("14", (False, False, False, False), id="an unused bit"),
    ],
)
def test_flags(first: str, flags: tuple[bool, ...]) -> None:
    message = decode_deliver(deliver(first))
    assert flags == (
        message.more_messages,
        message.loop_prevention,
        message.report_indication,
        message.reply_path,
    )


@pytest.mark.parametrize(
    ("pid", "silent", "replace_type"),
    [
        ("00", False, None),
        ("40", True, None),
        ("41", False, 1),
        ("47", False, 7),
        ("48", False, None),
    ],
)
def test_protocol(pid: str, silent: bool, replace_type: int | None) -> None:
    message = decode_deliver(deliver(pid=pid))
    assert (message.silent, message.replace_type) == (silent, replace_type)


def test_push_is_data_with_ports() -> None:
    message = decode_deliver(deliver("44", dcs="F5", data="0A" + "0605040B8423F0" + "062601"))
    assert message.ports == Ports(destination=2948, source=9200)
    assert (message.data, message.text) == (b"\x06\x26\x01", None)


def test_voicemail() -> None:
    (waiting,) = decode_deliver(deliver(dcs="C8")).waiting
    assert (waiting.kind, waiting.active, waiting.store) == (WaitingKind.VOICEMAIL, True, False)


def test_octets_behind_the_message_are_ignored() -> None:
    assert decode_deliver(deliver() + "FFFF89") == decode_deliver(deliver())


def test_octets_are_taken_as_well_as_digits() -> None:
    assert decode_deliver(bytes.fromhex(deliver())) == decode_deliver(deliver())


@pytest.mark.parametrize(
    ("cut", "field", "offset"),
    [
        (8, "TPDU", 8),
        (9, "TP-OA", 9),
        (12, "TP-OA", 11),
        (17, "TP-PID", 17),
        (18, "TP-DCS", 18),
        (20, "TP-SCTS", 19),
        (26, "TP-UDL", 26),
        (30, "TP-UD", 27),
    ],
)
def test_cut_off_message_names_field_and_offset(cut: int, field: str, offset: int) -> None:
    with pytest.raises(DecodeError) as caught:
        decode_deliver(deliver()[: 2 * cut])
    assert (caught.value.field, caught.value.offset) == (field, offset)


def test_cut_off_text_is_taken_on_demand() -> None:
    message = decode_deliver(deliver()[:-2], allow_truncated=True)
    assert (message.text, message.user_data.truncated) == ("TES", True)


@pytest.mark.parametrize("first", ["01", "02", "03", "FF"])
def test_other_types_are_refused(first: str) -> None:
    with pytest.raises(DecodeError, match=f"TP-MTI at octet 8: 0x{first}"):
        decode_deliver(deliver(first))
