from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.errors import DecodeError, EncodeError
from gateway.sms import Element, Header, UserData
from gateway.sms import coding as codings
from gateway.sms.coding import Coding, decode_coding
from gateway.sms.octets import Reader
from gateway.sms.userdata import decode_user_data, encode_user_data

headers = st.one_of(
    st.just(Header()),
    st.binary(max_size=20).map(lambda data: Header((Element(0x70, data),))),
)
septets = st.lists(st.integers(0, 127), max_size=130).map(bytes)
octets = st.binary(max_size=117)


@st.composite
def user_data(draw: st.DrawFn) -> UserData:
    coding = draw(
        st.sampled_from([codings.GSM7, codings.UCS2, codings.OCTETS, decode_coding(0x20)])
    )
    content = draw(septets if coding is codings.GSM7 else octets)
    return UserData(coding=coding, header=draw(headers), content=content)


def read(
    hexadecimal: str, coding: Coding, *, has_header: bool = False, **options: bool
) -> UserData:
    reader = Reader(bytes.fromhex(hexadecimal))
    return decode_user_data(reader, coding, has_header=has_header, **options)


@given(user_data())
def test_user_data_survives(data: UserData) -> None:
    encoded = encode_user_data(data)
    has_header = bool(data.header.elements)
    assert decode_user_data(Reader(encoded), data.coding, has_header=has_header) == data


@pytest.mark.parametrize(
    ("hexadecimal", "dcs", "text"),
    [
        pytest.param("03" + "61F118", 0x00, "abc", id="7 bit"),
        pytest.param("04" + "00610062", 0x08, "ab", id="UCS-2"),
        pytest.param("04" + "D83DDE00", 0x08, "😀", id="surrogates"),
        pytest.param("04" + "0061D83D", 0x08, "a\ufffd", id="half a pair"),
        pytest.param("03" + "006100", 0x08, "a\ufffd", id="half a character"),
        pytest.param("02" + "6162", 0x04, "ab", id="data that is ASCII"),
        pytest.param("02" + "6100", 0x04, None, id="data"),
        pytest.param("02" + "C3A4", 0xF5, None, id="data that is not ASCII"),
        pytest.param("02" + "6162", 0x20, None, id="compressed"),
        pytest.param("00", 0x00, "", id="empty"),
    ],
)
def test_text(hexadecimal: str, dcs: int, text: str | None) -> None:
    assert read(hexadecimal, decode_coding(dcs)).text == text


@pytest.mark.parametrize(("dcs", "data"), [(0x04, b"ab"), (0x20, b"ab"), (0x08, None)])
def test_data_is_what_has_no_alphabet(dcs: int, data: bytes | None) -> None:
    assert read("02" + "6162", decode_coding(dcs)).data == data


def test_length_counts_the_header_in_septets() -> None:
    # five octets of elements and their length fill six octets: 48 bits, 1 fill bit, 7 septets
    header = Header((Element(0x00, b"\x88\x03\x02"),))
    encoded = encode_user_data(UserData(header=header, content=b"a"))
    assert encoded.hex().upper() == "08" + "050003880302" + "C2"


def test_national_language_of_the_header_is_used() -> None:
    turkish = Header((Element(0x24, b"\x01"),))
    assert UserData(header=turkish, content=b"\x1bs").text == "ş"
    assert UserData(content=b"\x1bs").text == "s"


@pytest.mark.parametrize("has_header", [True, False])
def test_empty_user_data_has_no_header(has_header: bool) -> None:
    assert read("00", codings.GSM7, has_header=has_header) == UserData()


@pytest.mark.parametrize(
    ("hexadecimal", "dcs"),
    [
        pytest.param("0A" + "E8329BFD46", 0x00, id="septets"),
        pytest.param("08" + "00610062", 0x08, id="octets"),
        pytest.param("01", 0x00, id="nothing there"),
        pytest.param("", 0x00, id="no length"),
    ],
)
def test_cut_off_user_data_is_refused(hexadecimal: str, dcs: int) -> None:
    with pytest.raises(DecodeError):
        read(hexadecimal, decode_coding(dcs))


def test_cut_off_user_data_is_taken_on_demand() -> None:
    data = read("0A" + "E8329BFD46", codings.GSM7, allow_truncated=True)
    assert (data.text, data.truncated) == ("hello", True)


def test_length_that_counts_too_much_behind_a_header_is_forgiven() -> None:
    data = read("0A" + "0400028803" + "00", codings.GSM7, has_header=True)
    assert data.truncated
    assert not read("08" + "050003880302" + "C2", codings.GSM7, has_header=True).truncated


@pytest.mark.parametrize("hexadecimal", ["03" + "050003", "01" + "05", "01" + "01"])
def test_header_longer_than_the_user_data_is_refused(hexadecimal: str) -> None:
    with pytest.raises(DecodeError, match="UDH"):
        read(hexadecimal, codings.OCTETS, has_header=True)


def test_unreadable_header_leaves_the_text() -> None:
    data = read("06" + "0300FF01" + "6162", codings.OCTETS, has_header=True)
    assert (data.header, data.text) == (Header(), "ab")


@pytest.mark.parametrize(
    "data",
    [
        UserData(content=bytes(161)),
        UserData(coding=codings.UCS2, content=bytes(142)),
        UserData(header=Header((Element(0x00, b"\x88\x03\x02"),)), content=bytes(154)),
    ],
)
def test_more_than_a_message_holds_is_refused(data: UserData) -> None:
    with pytest.raises(EncodeError, match="140 are possible"):
        encode_user_data(data)


def test_as_much_as_a_message_holds() -> None:
    header = Header((Element(0x00, b"\x88\x03\x02"),))
    assert len(encode_user_data(UserData(content=bytes(160)))) == 141
    assert len(encode_user_data(UserData(header=header, content=bytes(153)))) == 141
