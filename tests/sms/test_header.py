from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.errors import EncodeError
from gateway.sms import Concat, Element, Header, Ports
from gateway.sms.header import concat_element, decode_header, encode_header

elements = st.lists(
    st.builds(Element, st.integers(0, 255), st.binary(max_size=12)), max_size=8
).map(tuple)


def read(octets: str) -> Header:
    return decode_header(bytes.fromhex(octets))


@st.composite
def concats(draw: st.DrawFn) -> Concat:
    width = draw(st.sampled_from([8, 16]))
    total = draw(st.integers(1, 255))
    return Concat(
        reference=draw(st.integers(0, (1 << width) - 1)),
        total=total,
        sequence=draw(st.integers(1, total)),
        width=width,
    )


@given(elements)
def test_elements_survive_known_or_not(parts: tuple[Element, ...]) -> None:
    octets = encode_header(Header(parts))
    assert decode_header(octets[1:]) == Header(parts)
    assert octets == b"" or octets[0] == len(octets) - 1


@given(concats())
def test_places_survive(concat: Concat) -> None:
    assert Header((concat_element(concat),)).concat == concat


@pytest.mark.parametrize(
    ("octets", "concat"),
    [
        pytest.param("0003880302", (136, 3, 2, 8), id="8 bits"),
        pytest.param("08040A320303", (2610, 3, 3, 16), id="16 bits"),
        pytest.param("0003C30101", (195, 1, 1, 8), id="one of one"),
        pytest.param("0504000015B308040" + "07B0201", (123, 2, 1, 16), id="behind ports"),
        pytest.param("00030102010804000203" + "01", (2, 3, 1, 16), id="the last one counts"),
        pytest.param("0003010201000301FF00", (1, 2, 1, 8), id="unless it makes no sense"),
        pytest.param("0003010200", None, id="part 0"),
        pytest.param("0003010203", None, id="part 3 of 2"),
        pytest.param("0003010000", None, id="of none"),
        pytest.param("00020102", None, id="too short"),
        pytest.param("0004010203" + "04", None, id="too long"),
        pytest.param("", None, id="no element"),
    ],
)
def test_place_in_a_long_message(octets: str, concat: tuple[int, ...] | None) -> None:
    found = read(octets).concat
    assert concat == (found and (found.reference, found.total, found.sequence, found.width))


@pytest.mark.parametrize(
    ("octets", "ports"),
    [
        ("05040B8423F0", Ports(destination=2948, source=9200)),
        ("0402F0F1", Ports(destination=240, source=241)),
        ("05020B84", None),
        ("0003880302", None),
    ],
)
def test_ports(octets: str, ports: Ports | None) -> None:
    assert read(octets).ports == ports


def test_languages() -> None:
    header = read("240101250102")
    assert (header.single_shift_language, header.locking_language) == (1, 2)
    assert (Header().single_shift_language, Header().locking_language) == (0, 0)
    assert read("24020102").single_shift_language == 0, "of a wrong length"


@pytest.mark.parametrize("octets", ["00038803", "0003880302" + "05", "05040B84", "00FF01"])
def test_header_that_does_not_end_with_its_last_element_is_passed_over(octets: str) -> None:
    assert read(octets) == Header()


@pytest.mark.parametrize(
    "concat",
    [
        Concat(reference=1, total=2, sequence=0),
        Concat(reference=1, total=2, sequence=3),
        Concat(reference=1, total=256, sequence=1),
        Concat(reference=256, total=2, sequence=1),
        Concat(reference=65536, total=2, sequence=1, width=16),
    ],
)
def test_places_that_cannot_be_written(concat: Concat) -> None:
    with pytest.raises(EncodeError, match="UDH"):
        concat_element(concat)


def test_header_longer_than_a_message_is_refused() -> None:
    with pytest.raises(EncodeError, match="140 octets, 139"):
        encode_header(Header((Element(0x70, bytes(138)),)))
