"""One number is found in all its spellings, and no other is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.spelled import SPELLINGS, WRITTEN, swapped

from gateway.domain.spelling import Spelling

SHE = Spelling("+447700900123")
WHOLE = [text for text in WRITTEN if text != "00900123"]


@pytest.mark.rule("G-7")
@pytest.mark.parametrize("written", WHOLE)
def test_it_is_found_in_a_text_and_cut_out(written: str) -> None:
    text = f"Call {written}, or write."
    assert SHE.stands_in(text)
    assert SHE.masked(text) == "Call …, or write."


@pytest.mark.rule("G-7")
@pytest.mark.parametrize("octets", SPELLINGS.values(), ids=SPELLINGS)
def test_it_is_found_in_octets(octets: bytes) -> None:
    assert SHE.is_in(b"\x00\x01" + octets + b"\xff")


@pytest.mark.parametrize(
    "text",
    ["", "Call 07700 900124.", "44770090012", "order 447700900123456", "1234", "0900123"],
)
def test_no_other_number_is_taken_for_it(text: str) -> None:
    assert not SHE.stands_in(text)
    assert SHE.masked(text) == text


@pytest.mark.rule("G-7")
@given(st.integers(min_value=0, max_value=999))
def test_every_number_is_found_in_a_pdu(end: int) -> None:
    number = f"+447700900{end:03}"
    spelling = Spelling(number)
    assert spelling.stands_in_hex(f"0791{swapped(number[1:])}00A7")
    assert spelling.stands_in_hex(f"81{swapped('0' + number[3:])}00")
    other = f"+447700900{(end + 1) % 1000:03}"
    assert not spelling.stands_in_hex(f"0791{swapped(other[1:])}00A7")


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("+33639980001", "06 39 98 00 01"),
        ("+33639980001", "+33 6 39 98 00 01"),
        ("+33639980001", "06.39.98.00.01"),
        ("+12025550143", "(202) 555-0143"),
        ("+12025550143", "1 202 555 0143"),
    ],
)
def test_other_countries_group_otherwise(number: str, written: str) -> None:
    assert Spelling(number).stands_in(f"Tel. {written}")
