"""The network's own GSM 7-bit alphabet."""

from __future__ import annotations

import gsmmodem.pdu as oracle
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.simulator import alphabet

CHARACTERS = [
    character for character in map(chr, range(0x2200)) if alphabet.septets_of(character) is not None
]


def test_the_alphabet_has_all_its_characters() -> None:
    assert len(CHARACTERS) == 127 + 10


ORACLE_IS_WRONG = {"\f", "§"}
"""python-gsmmodem-new lacks the form feed, and has a grave accent where 23.038 has the section."""


@pytest.mark.parametrize("character", sorted(set(CHARACTERS) - ORACLE_IS_WRONG))
def test_every_septet_is_the_one_that_another_table_has(character: str) -> None:
    assert bytes(alphabet.encode(character)) == bytes(oracle.encodeGsm7(character))


def test_the_two_that_the_other_table_lacks() -> None:
    assert (alphabet.encode("§"), alphabet.encode("\f")) == ([0x5F], [alphabet.ESCAPE, 0x0A])


@given(st.lists(st.integers(0, 127), max_size=160), st.integers(0, 6))
def test_packing_is_undone_by_unpacking(septets: list[int], fill: int) -> None:
    packed = alphabet.pack(septets, fill=fill)
    assert alphabet.unpack(packed, len(septets), fill=fill) == septets


def test_packing_is_that_of_the_standard() -> None:
    """The example that everyone knows: "hellohello"."""
    assert alphabet.pack(alphabet.encode("hellohello")).hex() == "e8329bfd4697d9ec37"


@given(st.text(alphabet=st.sampled_from(CHARACTERS), max_size=160))
def test_a_text_comes_back(text: str) -> None:
    assert alphabet.decode(alphabet.encode(text)) == text


def test_an_escape_before_an_unknown_septet_is_left_out() -> None:
    assert alphabet.decode([alphabet.ESCAPE, 0x41]) == "A"


@pytest.mark.parametrize(("text", "fits"), [("Grüße €5", True), ("Žluť", False), ("🙂", False)])
def test_what_fits(text: str, fits: bool) -> None:
    assert alphabet.fits(text) is fits
