from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.sms.semioctets import (
    DIGITS,
    decode_digits,
    decode_number,
    encode_digits,
    encode_number,
)


@given(st.text(DIGITS, max_size=20))
def test_digits_survive(digits: str) -> None:
    assert decode_digits(encode_digits(digits)) == digits


@pytest.mark.parametrize(
    ("digits", "octets"), [("123", "21F3"), ("*#abc", "BADCFE"), ("*#ABC", "BADCFE"), ("", "")]
)
def test_first_digit_is_the_low_half(digits: str, octets: str) -> None:
    assert encode_digits(digits).hex().upper() == octets


def test_filler_ends_the_digits_wherever_it_is() -> None:
    assert decode_digits(bytes.fromhex("21F365")) == "123"


@pytest.mark.parametrize("digits", ["12x", "+12", "1 2", "\u0661"])
def test_other_characters_are_refused(digits: str) -> None:
    with pytest.raises(ValueError):
        encode_digits(digits)


@given(st.integers(0, 99))
def test_numbers_survive(number: int) -> None:
    assert decode_number(encode_number(number)) == number


@pytest.mark.parametrize("octet", [0xA0, 0x0A, 0xFF])
def test_number_that_is_none(octet: int) -> None:
    assert decode_number(octet) is None
