"""Whatever the octets, a decoder returns a value or raises DecodeError, and so does reading it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.errors import DecodeError
from gateway.sms import Pdu, decode_deliver, decode_pdu
from tests.sms.decoders import DECODERS, decode_whole, read_all

FRAMES = st.sampled_from(
    [
        "07916407058099F9440B916407950303F10000621132900300000A050003880302C2C0",
        "00440B916407950303F100086211329003000008050003880302D83D",
        "0051000B916407950303F10000A70A050003880302C2C0",
        "00061C0B916407950303F162113290030000621132900380000706080604D4E2940A",
    ]
).map(bytes.fromhex)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A sound PDU with some octets replaced and its end cut off or padded."""
    octets = bytearray(draw(FRAMES))
    for place in draw(st.lists(st.integers(0, len(octets) - 1), max_size=4)):
        octets[place] = draw(st.integers(0, 255))
    end = draw(st.integers(0, len(octets)))
    return bytes(octets[:end]) + draw(st.binary(max_size=8))


@pytest.mark.parametrize("decoder", DECODERS)
@given(
    octets=st.binary(max_size=60) | damaged(),
    has_smsc=st.booleans(),
    length=st.none() | st.integers(-5, 200),
)
def test_any_octets(
    decoder: Callable[..., Pdu], octets: bytes, has_smsc: bool, length: int | None
) -> None:
    with contextlib.suppress(DecodeError):
        decode_whole(decoder, octets, has_smsc=has_smsc, length=length)


@given(octets=st.binary(max_size=60) | damaged())
def test_any_octets_where_a_cut_is_allowed(octets: bytes) -> None:
    with contextlib.suppress(DecodeError):
        read_all(decode_deliver(octets, allow_truncated=True))


@given(st.text(max_size=60) | st.text("0123456789ABCDEFabcdef,= ", max_size=80))
def test_any_text(pdu: str) -> None:
    with contextlib.suppress(DecodeError):
        read_all(decode_pdu(pdu))


def test_every_truncation_of_every_real_pdu(record: dict[str, Any]) -> None:
    pdu = record["pdu"]
    for cut in range(len(pdu)):
        with contextlib.suppress(DecodeError):
            read_all(decode_pdu(pdu[:cut], has_smsc=record["has_smsc"]))
