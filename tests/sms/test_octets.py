from __future__ import annotations

import pytest

from gateway.domain.errors import DecodeError
from gateway.sms.octets import Reader, octets_of


@pytest.mark.parametrize(
    ("pdu", "octets"),
    [
        pytest.param("07fA", b"\x07\xfa", id="either case"),
        pytest.param(" 07FA\r\n", b"\x07\xfa", id="blanks around"),
        pytest.param("07FA,0", b"\x07\xfa", id="suffix of some modems"),
        pytest.param("07F", b"\x07\xf0", id="half an octet at the end"),
        pytest.param("", b"", id="nothing"),
        pytest.param(b"07FA", b"07FA", id="octets are not digits"),
    ],
)
def test_digits_become_octets(pdu: str | bytes, octets: bytes) -> None:
    assert octets_of(pdu) == octets


@pytest.mark.parametrize("pdu", ["07 FA", "0x07", "07G1", "\u0660\u0667", "AT+CMGR", "07\x00"])
def test_anything_else_than_digits_is_refused(pdu: str) -> None:
    with pytest.raises(DecodeError, match="hexadecimal"):
        octets_of(pdu)


def test_reading_past_the_end_names_field_and_offset() -> None:
    reader = Reader(b"\x01\x02\x03")
    assert reader.take("TP-MR", 2) == b"\x01\x02"
    with pytest.raises(DecodeError) as caught:
        reader.take("TP-SCTS", 7)
    assert (caught.value.field, caught.value.offset) == ("TP-SCTS", 2)
    assert reader.octet("TP-ST") == 3, "a refused read takes nothing"
    assert reader.remaining == 0


def test_first_octet_of_another_type_names_both() -> None:
    with pytest.raises(DecodeError, match=r"TP-MTI at octet 1: 0x41 does not begin an SMS-DELIVER"):
        Reader(b"\x00\x41", 1).first_octet(0, "SMS-DELIVER")
