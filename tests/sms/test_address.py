from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.errors import DecodeError, EncodeError
from gateway.sms import Address, NumberType, address_of
from gateway.sms.address import decode_address, decode_smsc, encode_address, encode_smsc
from gateway.sms.octets import Reader
from gateway.sms.semioctets import DIGITS

numeric_types = st.sampled_from([t for t in NumberType if t is not NumberType.ALPHANUMERIC])
plans = st.integers(0, 15)


@st.composite
def numeric(draw: st.DrawFn) -> Address:
    kind = draw(numeric_types)
    sign = "+" if kind is NumberType.INTERNATIONAL else ""
    digits = draw(st.text(DIGITS, min_size=1, max_size=20))
    return Address(number=sign + digits, type=kind, plan=draw(plans))


names = st.text(st.sampled_from("ABCxyz 019&-_@é€"), min_size=1, max_size=8)


def read(octets: str, *, strict: bool = False) -> Address:
    return decode_address(Reader(bytes.fromhex(octets)), "TP-OA", strict=strict)


@given(numeric())
def test_numbers_survive(address: Address) -> None:
    assert decode_address(Reader(encode_address(address)), "TP-DA") == address


@given(numeric())
def test_service_centres_survive(address: Address) -> None:
    assert decode_smsc(Reader(encode_smsc(address))) == address


@given(names.filter(lambda name: not name.endswith("@")))
def test_names_survive(name: str) -> None:
    address = Address(number=name, type=NumberType.ALPHANUMERIC, plan=0)
    try:
        octets = encode_address(address)
    except EncodeError:
        return  # with € a name can take more than eleven septets
    assert decode_address(Reader(octets), "TP-OA") == address


@pytest.mark.parametrize(
    ("number", "octets"),
    [
        pytest.param("+447700900123", "0C91447700091032", id="E.164"),
        pytest.param("07700900123", "0B817007900021F3", id="national"),
        pytest.param("12345", "05812143F5", id="short code"),
    ],
)
def test_dialled_numbers(number: str, octets: str) -> None:
    assert encode_address(address_of(number)).hex().upper() == octets


@pytest.mark.parametrize(
    "number",
    ["", "+", "++44", "44 77", "Shop", "0\u06677", "1" * 21, "12\n", "12;AT", "+12\x1a", "1-2"],
)
def test_what_cannot_be_dialled_is_refused(number: str) -> None:
    with pytest.raises(EncodeError) as caught:
        address_of(number)
    assert caught.value.field == "TP-DA"
    assert number not in str(caught.value) or len(number) < 3, "no number in an error"


@pytest.mark.parametrize(
    ("octets", "name"),
    [
        pytest.param("09D0C6A7333904", "FONIC", id="length in semi-octets"),
        pytest.param("0DD0CDF2396C7EBB01", "Megafon", id="seven characters in seven octets"),
        pytest.param("0ED0CDF2396C7EBB01", "Megafon", id="by octets: what looks like @ is padding"),
        pytest.param("04D01100", "_@", id="an @ that was written"),
        pytest.param("00D0", "", id="no character"),
        pytest.param("01D041", "", id="less than a septet"),
    ],
)
def test_names_as_networks_write_them(octets: str, name: str) -> None:
    assert read(octets).number == name


@pytest.mark.parametrize(
    ("octets", "number", "kind"),
    [
        pytest.param("0B91346166111111", "+43166611111", NumberType.INTERNATIONAL, id="no filler"),
        pytest.param("04913619", "+6391", NumberType.INTERNATIONAL, id="even"),
        pytest.param("049136F9", "+639", NumberType.INTERNATIONAL, id="filler before the end"),
        pytest.param("05812143F5", "12345", NumberType.UNKNOWN, id="unknown"),
        pytest.param("04A12143", "1234", NumberType.NATIONAL, id="national"),
        pytest.param("04F12143", "1234", NumberType.RESERVED, id="reserved type"),
        pytest.param("0591BADCFE", "+*#abc", NumberType.INTERNATIONAL, id="no decimal digits"),
        pytest.param("0091", "", NumberType.INTERNATIONAL, id="none: no sign alone"),
        pytest.param("04112143", "+1234", NumberType.INTERNATIONAL, id="top bit forgotten"),
    ],
)
def test_numbers_as_networks_write_them(octets: str, number: str, kind: NumberType) -> None:
    address = read(octets)
    assert (address.number, address.type) == (number, kind)


def test_type_of_address_is_kept() -> None:
    assert read("04C82143").toa == 0xC8


def test_strict_reading_refuses_a_type_without_its_top_bit() -> None:
    with pytest.raises(DecodeError, match="0x11"):
        read("04112143", strict=True)
    assert read("0000", strict=True).number == "", "nothing to read wrongly"


@pytest.mark.parametrize("octets", ["", "04", "0491", "049136", "1591" + 11 * "11", "FF91"])
def test_addresses_that_cannot_be(octets: str) -> None:
    with pytest.raises(DecodeError) as caught:
        read(octets)
    assert caught.value.field == "TP-OA"


def test_name_with_a_character_outside_the_alphabet_is_refused() -> None:
    with pytest.raises(EncodeError, match="TP-DA"):
        encode_address(Address(number="Магазин", type=NumberType.ALPHANUMERIC))


def test_name_of_more_than_eleven_characters_is_refused() -> None:
    with pytest.raises(EncodeError, match="semi-octets"):
        encode_address(Address(number="A" * 12, type=NumberType.ALPHANUMERIC))


def test_absent_service_centre_is_one_zero_octet() -> None:
    assert encode_smsc(None) == b"\x00"
    assert decode_smsc(Reader(b"\x00")) is None


def test_service_centre_counts_octets() -> None:
    assert encode_smsc(address_of("+46705008999")).hex() == "07916407058099f9"


@pytest.mark.parametrize("octets", ["", "0791", "0C91" + 11 * "11"])
def test_service_centres_that_cannot_be(octets: str) -> None:
    with pytest.raises(DecodeError, match="SMSC"):
        decode_smsc(Reader(bytes.fromhex(octets)))
