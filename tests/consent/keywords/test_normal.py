"""Properties of the form in which messages are compared (K-9)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.keywords import entries

from gateway.consent.keywords import Certainty, IntentKind, read_intent
from gateway.consent.keywords.near import Slips
from gateway.consent.keywords.normal import normalise
from gateway.consent.keywords.vocabulary import load_vocabulary

STOPS = sorted(
    word for word, known in load_vocabulary().whole.items() if known.kind is IntentKind.STOP
)
ASCII_STOPS = [word for word in STOPS if word.isascii() and len(word) > 1]
SIGNS = " .,!?;:-_*\"'()🛑😡👎❤️\u200b\u200d\u2060\ufeff\u00ad\u202e\n\t"
NOISE = st.text(st.sampled_from(SIGNS), max_size=6)

pytestmark = pytest.mark.rule("K-9")


def full_width(word: str) -> str:
    """Return a word in the wide letters of East Asian keyboards."""
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in word)


@given(st.sampled_from(STOPS), NOISE, NOISE)
def test_signs_and_pictures_around_a_keyword_change_nothing(
    word: str, before: str, after: str
) -> None:
    intent = read_intent(before + word + after)
    assert intent is not None
    assert (intent.kind, intent.certainty) == (IntentKind.STOP, Certainty.EXACT)


@given(st.sampled_from(ASCII_STOPS), st.data())
def test_neither_case_nor_width_nor_marks_nor_invisible_letters_change_a_keyword(
    word: str, data: st.DataObject
) -> None:
    letters = [
        data.draw(st.sampled_from([letter, letter.upper(), full_width(letter), letter + "\u0301"]))
        + data.draw(st.sampled_from(["", "", "\u200b", "\u00ad"]))
        for letter in word
    ]
    assert normalise("".join(letters)).compact == word


@given(st.sampled_from(ASCII_STOPS), st.sampled_from([" ", ".", "-", "_", " . "]))
def test_a_keyword_may_be_spelled(word: str, gap: str) -> None:
    assert normalise(gap.join(word)).compact == word


@pytest.mark.parametrize(
    "text",
    ["ＳＴＯＰ", "Стоп.", "ΣTOΠ", "ΔIAΓPAΦH", "SТOP", "ЅТОР", "İPTAL", "ARRÊT", "ＴＤ", "إِلْغَاء"],
)
def test_what_phones_make_of_a_keyword_is_still_one(text: str) -> None:
    """A Greek phone writes Latin look-alikes, since GSM 7-bit has no other (3GPP TS 23.038)."""
    intent = read_intent(text)
    assert intent is not None
    assert intent.certainty is Certainty.EXACT


@given(st.text(max_size=400))
def test_whatever_is_written_is_read_without_a_fault(text: str) -> None:
    read_intent(text)
    words = normalise(text).words
    assert all(word and not set(word) & set(" \n.,!?;:") for word in words)


@given(st.sampled_from([word for word in ASCII_STOPS if len(word) >= 6]), st.data())
@pytest.mark.rule("K-3")
def test_a_slip_of_the_finger_is_forgiven(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(1, len(word) - 2))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    slipped = data.draw(
        st.sampled_from(
            [
                word[:place] + word[place + 1 :],
                word[:place] + letter + word[place:],
                word[:place] + letter + word[place + 1 :],
                word[:place] + word[place + 1] + word[place] + word[place + 2 :],
                word[:place] + 4 * word[place] + word[place + 1 :],
            ]
        )
    )
    assert Slips([word]).find(slipped) == word


@pytest.mark.rule("K-3")
def test_no_keyword_is_taken_for_a_slip_of_another_word_of_the_corpus() -> None:
    lone = [entry.phrase for entry in entries("ordinary") if " " not in entry.phrase]
    near = [x for x in lone if (i := read_intent(x)) and i.certainty is Certainty.NEAR]
    assert len(lone) > 50
    assert near == []
