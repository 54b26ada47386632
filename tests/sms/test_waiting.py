from __future__ import annotations

import pytest

from gateway.sms import Address, Element, Header, NumberType, Waiting, WaitingKind
from gateway.sms.coding import decode_coding
from gateway.sms.waiting import waiting_in

SENDER = Address(number="123")


def named(name: str) -> Address:
    return Address(number=name, type=NumberType.ALPHANUMERIC, plan=0)


def indicated(data: str) -> Header:
    return Header((Element(0x01, bytes.fromhex(data)),))


@pytest.mark.parametrize(
    ("data", "dcs", "waiting"),
    [
        ("0002", 0x00, (WaitingKind.VOICEMAIL, True, False, 2)),
        ("8200", 0x00, (WaitingKind.EMAIL, False, True, 0)),
        pytest.param("0101", 0xD8, (WaitingKind.FAX, True, True, 1), id="coding says store"),
        pytest.param("0101", 0xC8, (WaitingKind.FAX, True, False, 1), id="both say discard"),
    ],
)
def test_header_element(data: str, dcs: int, waiting: tuple[WaitingKind, bool, bool, int]) -> None:
    (found,) = waiting_in(indicated(data), decode_coding(dcs), SENDER)
    assert (found.kind, found.active, found.store, found.count) == waiting


def test_coding_group() -> None:
    found = waiting_in(Header(), decode_coding(0xC9), SENDER)
    assert found == (Waiting(kind=WaitingKind.FAX, active=True, store=False),)


@pytest.mark.parametrize(("name", "active"), [("_@", True), ("Δ@", False)])
def test_sender_by_the_cphs_convention(name: str, active: bool) -> None:
    found = waiting_in(Header(), decode_coding(0x00), named(name))
    assert found == (Waiting(kind=WaitingKind.VOICEMAIL, active=active),)


@pytest.mark.parametrize("sender", [named("_ab"), named("ab"), named(""), SENDER])
def test_ordinary_message_indicates_nothing(sender: Address) -> None:
    assert waiting_in(indicated("00"), decode_coding(0x00), sender) == ()
