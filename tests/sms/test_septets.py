from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.sms.septets import fill_bits, pack, packed_size, unpack

septets = st.lists(st.integers(0, 127), max_size=180).map(bytes)


@pytest.mark.parametrize(
    ("text", "octets"),
    [
        ("hellohello", "E8329BFD4697D9EC37"),
        ("", ""),
        ("1", "31"),
        ("1234567", "31D98C56B3DD00"),
        ("12345678", "31D98C56B3DD70"),
    ],
)
def test_packs_as_the_standard_does(text: str, octets: str) -> None:
    assert pack(text.encode()).hex().upper() == octets


@given(septets, st.integers(0, 6))
def test_what_is_packed_unpacks(values: bytes, fill: int) -> None:
    octets = pack(values, fill)
    assert len(octets) == packed_size(len(values), fill)
    assert unpack(octets, len(values), fill) == values


@given(septets, st.integers(0, 6), st.binary(max_size=5))
def test_what_follows_does_not_matter(values: bytes, fill: int, behind: bytes) -> None:
    assert unpack(pack(values, fill) + behind, len(values), fill) == values


@given(st.lists(st.integers(0, 127), min_size=1, max_size=20).map(bytes), st.integers(0, 6))
def test_fill_bits_and_spare_bits_are_zero(values: bytes, fill: int) -> None:
    number = int.from_bytes(pack(values, fill), "little")
    assert number & ((1 << fill) - 1) == 0
    assert number >> (fill + 7 * len(values)) == 0


@pytest.mark.parametrize(("header", "fill"), [(0, 0), (6, 1), (7, 0), (12, 2), (140, 0)])
def test_text_behind_a_header_begins_on_a_septet_boundary(header: int, fill: int) -> None:
    assert fill_bits(header) == fill
    assert (8 * header + fill) % 7 == 0
