from __future__ import annotations

from itertools import pairwise

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.errors import EncodeError
from gateway.sms import Alphabet, PartCount, count_parts, split_text
from gateway.sms.split import PART, SINGLE, encode_content

FAMILY = "👨\u200d👩\u200d👧\u200d👦"
"""One grapheme of 11 UTF-16 code units."""

widths = st.sampled_from([8, 16])
awkward = st.text(
    st.sampled_from(["a", "€", "{", "\r", "\n", "ф", "😀", "\u0301", "\u200d", "👩", "🇬", "🇧"]),
    min_size=50,
    max_size=400,
)


def units(text: str, alphabet: Alphabet) -> int:
    return len(encode_content(text, alphabet)) // (1 if alphabet is Alphabet.GSM7 else 2)


@given(st.text() | awkward, widths)
def test_parts_are_the_text_and_fit(text: str, width: int) -> None:
    parts = split_text(text, reference_width=width)
    count = count_parts(text, reference_width=width)
    room = SINGLE[count.alphabet] if len(parts) == 1 else PART[count.alphabet, width]
    assert "".join(parts) == text
    assert len(parts) == count.parts
    assert max(units(part, count.alphabet) for part in parts) <= room
    assert len(parts) == 1 or all(parts)


@given(awkward, widths)
def test_graphemes_stay_whole_where_one_fits_a_part(text: str, width: int) -> None:
    alphabet = count_parts(text).alphabet
    graphemes = regex.findall(r"\X", text)
    if max(units(grapheme, alphabet) for grapheme in graphemes) > PART[alphabet, width]:
        return
    parts = split_text(text, reference_width=width)
    assert [g for part in parts for g in regex.findall(r"\X", part)] == graphemes


@given(awkward, widths)
def test_no_part_could_have_taken_the_next_grapheme(text: str, width: int) -> None:
    alphabet = count_parts(text).alphabet
    parts = split_text(text, reference_width=width)
    for part, following in pairwise(parts):
        first = regex.match(r"\X", following)[0]
        assert units(part + first, alphabet) > PART[alphabet, width]


@pytest.mark.parametrize(
    ("text", "alphabet", "parts", "units_used", "forcing"),
    [
        ("", Alphabet.GSM7, 1, 0, None),
        ("a" * 160, Alphabet.GSM7, 1, 160, None),
        ("a" * 161, Alphabet.GSM7, 2, 161, None),
        ("a" * 306, Alphabet.GSM7, 2, 306, None),
        ("a" * 307, Alphabet.GSM7, 3, 307, None),
        ("€" * 80, Alphabet.GSM7, 1, 160, None),
        ("€" * 81, Alphabet.GSM7, 2, 162, None),
        pytest.param("€" * 153, Alphabet.GSM7, 3, 306, None, id="76 pairs a part"),
        ("ab\u2019c\u201d", Alphabet.UCS2, 1, 5, "\u2019"),
        ("ф" * 70, Alphabet.UCS2, 1, 70, "ф"),
        ("ф" * 71, Alphabet.UCS2, 2, 71, "ф"),
        ("😀" * 35, Alphabet.UCS2, 1, 70, "😀"),
        pytest.param("😀" * 67, Alphabet.UCS2, 3, 134, "😀", id="33 pairs a part"),
        pytest.param(FAMILY * 7, Alphabet.UCS2, 2, 77, "👨", id="6 families a part"),
    ],
)  # fmt: skip
def test_count(
    text: str, alphabet: Alphabet, parts: int, units_used: int, forcing: str | None
) -> None:
    assert count_parts(text) == PartCount(
        alphabet=alphabet, parts=parts, units=units_used, forcing=forcing
    )


def test_wide_reference_leaves_less_room() -> None:
    assert count_parts("a" * 306, reference_width=16).parts == 3
    assert count_parts("ф" * 134, reference_width=16).parts == 3


@pytest.mark.parametrize(
    ("text", "first"),
    [
        pytest.param("a" * 152 + "€" + "a" * 50, 152, id="escape pair"),
        pytest.param("a" * 152 + "\r\n" + "a" * 50, 152, id="CR LF"),
        pytest.param("ф" * 66 + "😀" + "ф" * 50, 66, id="surrogate pair"),
        pytest.param("ф" * 66 + "e\u0301" + "ф" * 50, 66, id="letter and accent"),
        pytest.param("ф" * 60 + FAMILY + "ф" * 50, 60, id="family"),
        pytest.param("ф" * 65 + "🇬🇧" + "ф" * 50, 65, id="flag"),
    ],
)
def test_cut_falls_before_what_belongs_together(text: str, first: int) -> None:
    assert len(split_text(text)[0]) == first


def test_grapheme_longer_than_a_part_is_cut_between_its_characters() -> None:
    text = "e" + "\u0301" * 100
    assert [len(part) for part in split_text(text)] == [67, 34]


def test_endless_grapheme_is_cut_in_linear_time() -> None:
    assert count_parts("e" + "\u0301" * 200_000).parts == 2986


@pytest.mark.parametrize("text", ["\ud83d", "abc\ude00", "\ude00\ud83d"])
def test_half_a_surrogate_pair_is_refused(text: str) -> None:
    for split in (count_parts, split_text):
        with pytest.raises(EncodeError, match=r"TP-UD: character \d of the text"):
            split(text)
