from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.errors import DecodeError, EncodeError
from gateway.sms import (
    Element,
    Header,
    Submit,
    UserData,
    Validity,
    ValidityFormat,
    address_of,
    decode_submit,
)
from gateway.sms.coding import decode_coding

PLAIN = Submit(destination=address_of("+447700900123"), user_data=UserData(content=b"hello"))

VALIDITIES = [
    None,
    Validity(format=ValidityFormat.RELATIVE, period=timedelta(hours=3), raw=b"\x23"),
    Validity(
        format=ValidityFormat.ABSOLUTE,
        until=datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
        raw=bytes.fromhex("62113290030000"),
    ),
    Validity(
        format=ValidityFormat.ENHANCED,
        period=timedelta(seconds=90),
        raw=bytes.fromhex("025A0000000000"),
    ),
]

submits = st.builds(
    Submit,
    destination=st.sampled_from(["+447700900123", "12345", "*100#"]).map(address_of),
    user_data=st.builds(
        UserData,
        coding=st.sampled_from([0x00, 0x10, 0x08, 0xF5]).map(decode_coding),
        header=st.sampled_from([Header(), Header((Element(0x05, b"\x0b\x84\x23\xf0"),))]),
        content=st.lists(st.integers(0, 127), max_size=100).map(bytes),
    ),
    reference=st.integers(0, 255),
    report=st.booleans(),
    reject_duplicates=st.booleans(),
    reply_path=st.booleans(),
    protocol=st.integers(0, 255),
    validity=st.sampled_from(VALIDITIES),
    smsc=st.none() | st.just(address_of("+46705008999")),
)


@given(submits)
def test_every_field_survives(submit: Submit) -> None:
    assert decode_submit(submit.encode().hex) == submit


@pytest.mark.parametrize("change", [{"reference": 256}, {"reference": -1}, {"protocol": 256}])
def test_numbers_beyond_an_octet_are_refused(change: dict[str, int]) -> None:
    with pytest.raises(EncodeError, match="one octet"):
        replace(PLAIN, **change).encode()


def test_type_of_address_that_we_never_write_is_refused() -> None:
    pdu = PLAIN.encode().hex.replace("0C91", "0C11", 1)
    with pytest.raises(DecodeError, match="TP-DA"):
        decode_submit(pdu)


def test_other_types_are_refused() -> None:
    with pytest.raises(DecodeError, match="TP-MTI"):
        decode_submit("000400")
