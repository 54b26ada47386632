from __future__ import annotations

import pytest

from gateway.sms import Alphabet, MessageClass, WaitingKind
from gateway.sms.coding import decode_coding


@pytest.mark.parametrize(
    ("octets", "alphabet"),
    [
        pytest.param(range(0x04), Alphabet.GSM7, id="general"),
        pytest.param(range(0x04, 0x08), Alphabet.OCTETS, id="general, data"),
        pytest.param(range(0x08, 0x0C), Alphabet.UCS2, id="general, UCS-2"),
        pytest.param(range(0x0C, 0x10), Alphabet.GSM7, id="reserved alphabet"),
        pytest.param(range(0x10, 0x14), Alphabet.GSM7, id="with a class"),
        pytest.param(range(0x18, 0x1C), Alphabet.UCS2, id="UCS-2 with a class"),
        pytest.param(range(0x40, 0x44), Alphabet.GSM7, id="automatic deletion"),
        pytest.param(range(0x58, 0x5C), Alphabet.UCS2, id="automatic deletion, UCS-2"),
        pytest.param(range(0x80, 0xC0), Alphabet.GSM7, id="reserved groups"),
        pytest.param(range(0xC0, 0xE0), Alphabet.GSM7, id="message waiting"),
        pytest.param(range(0xE0, 0xF0), Alphabet.UCS2, id="message waiting, UCS-2"),
        pytest.param(range(0xF0, 0xF4), Alphabet.GSM7, id="coding and class"),
        pytest.param(range(0xF4, 0xF8), Alphabet.OCTETS, id="coding and class, data"),
        pytest.param(range(0xF8, 0xFC), Alphabet.GSM7, id="its reserved bit"),
    ],
)
def test_alphabet_of_every_group(octets: range, alphabet: Alphabet) -> None:
    assert {decode_coding(octet).alphabet for octet in octets} == {alphabet}


@pytest.mark.parametrize(
    ("octet", "message_class"),
    [
        (0x00, None),
        (0x03, None),
        (0x10, MessageClass.FLASH),
        (0x12, MessageClass.SIM),
        (0x1B, MessageClass.TERMINAL),
        (0x51, MessageClass.DEVICE),
        (0xC1, None),
        (0xF1, MessageClass.DEVICE),
        (0xF7, MessageClass.TERMINAL),
    ],
)
def test_class(octet: int, message_class: MessageClass | None) -> None:
    assert decode_coding(octet).message_class is message_class


@pytest.mark.parametrize(
    ("octet", "kind", "active", "store"),
    [
        (0xC8, WaitingKind.VOICEMAIL, True, False),
        (0xC0, WaitingKind.VOICEMAIL, False, False),
        (0xD9, WaitingKind.FAX, True, True),
        (0xE2, WaitingKind.EMAIL, False, True),
        (0xEB, WaitingKind.OTHER, True, True),
    ],
)
def test_message_waiting_groups(octet: int, kind: WaitingKind, active: bool, store: bool) -> None:
    coding = decode_coding(octet)
    assert (coding.waiting, coding.waiting_active, coding.store) == (kind, active, store)


def test_only_the_waiting_groups_indicate() -> None:
    indicating = {octet for octet in range(256) if decode_coding(octet).waiting is not None}
    assert indicating == set(range(0xC0, 0xF0))


def test_only_the_discard_group_is_not_to_be_stored() -> None:
    discarded = {octet for octet in range(256) if not decode_coding(octet).store}
    assert discarded == set(range(0xC0, 0xD0))


def test_compression_and_deletion_are_bits_of_the_general_groups() -> None:
    assert {o for o in range(256) if decode_coding(o).compressed} == {
        o for o in range(0x80) if o & 0x20
    }
    assert {o for o in range(256) if decode_coding(o).auto_delete} == set(range(0x40, 0x80))


def test_every_octet_is_kept() -> None:
    assert [decode_coding(octet).octet for octet in range(256)] == list(range(256))
