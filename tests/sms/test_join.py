from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.sms import GAP, Address, Concat, Deliver, Element, Header, UserData, join_parts
from gateway.sms import coding as codings
from gateway.sms.coding import Coding
from gateway.sms.header import concat_element

SENDER = Address(number="12345")


def part(
    content: bytes,
    sequence: int,
    total: int,
    coding: Coding = codings.GSM7,
    *elements: Element,
) -> Deliver:
    place = concat_element(Concat(reference=1, total=total, sequence=sequence))
    data = UserData(coding=coding, header=Header((place, *elements)), content=content)
    return Deliver(sender=SENDER, user_data=data, timestamp=None)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_order_of_arrival_does_not_matter(order: tuple[int, ...]) -> None:
    parts = [part(b"one ", 1, 3), part(b"two ", 2, 3), part(b"three", 3, 3)]
    assert join_parts(parts[place] for place in order) == "one two three"


@given(st.text(min_size=2), st.data())
def test_pairs_cut_anywhere_are_joined(text: str, data: st.DataObject) -> None:
    octets = text.encode("utf-16-be")
    cut = data.draw(st.integers(0, len(octets)))
    parts = [part(octets[:cut], 1, 2, codings.UCS2), part(octets[cut:], 2, 2, codings.UCS2)]
    assert join_parts(parts) == text


def test_escape_and_its_septet_in_two_parts() -> None:
    assert join_parts([part(b"5 \x1b", 1, 2), part(b"e", 2, 2)]) == "5 €"


def test_parts_of_different_alphabets() -> None:
    parts = [part(b"price: ", 1, 2), part("50 ₽".encode("utf-16-be"), 2, 2, codings.UCS2)]
    assert join_parts(parts) == "price: 50 ₽"


def test_parts_of_different_languages_are_read_each_in_its_own() -> None:
    turkish = Element(0x24, b"\x01")
    parts = [part(b"\x1bs", 1, 2, codings.GSM7, turkish), part(b"\x1b(", 2, 2)]
    assert join_parts(parts) == "ş{"


def test_first_of_two_copies_counts() -> None:
    assert join_parts([part(b"a", 1, 2), part(b"x", 1, 2), part(b"b", 2, 2)]) == "ab"


@pytest.mark.parametrize(
    ("present", "text"),
    [
        ([1], f"a{GAP}"),
        ([4], f"{GAP}d"),
        ([2, 3], f"{GAP}bc{GAP}"),
        ([1, 4], f"a{GAP}d"),
        ([1, 2, 4], f"ab{GAP}d"),
    ],
)
def test_missing_parts_are_marked_once_a_run(present: list[int], text: str) -> None:
    letters = {1: b"a", 2: b"b", 3: b"c", 4: b"d"}
    assert join_parts(part(letters[place], place, 4) for place in present) == text


def test_halves_at_a_gap_are_not_joined_to_each_other() -> None:
    parts = [
        part(b"\xd8\x3d", 1, 3, codings.UCS2),
        part(b"\xde\x00", 3, 3, codings.UCS2),
    ]
    assert join_parts(parts) == f"\ufffd{GAP}\ufffd"


def test_message_of_one_part() -> None:
    whole = Deliver(sender=SENDER, user_data=UserData(content=b"whole"), timestamp=None)
    assert join_parts([whole]) == "whole"


def test_no_part_is_no_text() -> None:
    assert join_parts([]) == ""


def test_data_adds_nothing() -> None:
    assert join_parts([part(b"a", 1, 2), part(b"\x00\xff", 2, 2, codings.OCTETS)]) == "a"
