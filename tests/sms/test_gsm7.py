from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.sms import gsm7

encodable = st.text(
    st.sampled_from(gsm7.DEFAULT.replace("\x1b", "") + "".join(gsm7.EXTENSION.values()))
)


@given(encodable)
def test_what_is_encoded_decodes(text: str) -> None:
    assert gsm7.decode(gsm7.encode(text)) == text


def test_all_septets_have_a_character_of_their_own() -> None:
    assert len(set(gsm7.DEFAULT)) == 128
    assert gsm7.DEFAULT[gsm7.ESCAPE] == "\x1b"


@pytest.mark.parametrize(
    ("character", "septets"),
    [("@", b"\x00"), ("Ç", b"\x09"), ("à", b"\x7f"), ("€", b"\x1be"), ("\f", b"\x1b\n")],
)
def test_characters_at_the_corners_of_the_tables(character: str, septets: bytes) -> None:
    assert gsm7.encode(character) == septets


@pytest.mark.parametrize("character", ["ç", "\x1b", "`", "\t", "\u0301", "\u2019", "😀", "\x00"])
def test_first_character_outside_is_pointed_at(character: str) -> None:
    with pytest.raises(UnicodeEncodeError) as caught:
        gsm7.encode(f"ab{character}{character}")
    assert caught.value.start == 2


@pytest.mark.parametrize(
    ("septets", "text"),
    [
        pytest.param(b"\x1bA", "A", id="no extension: the main table"),
        pytest.param(b"a\x1b\x1bb", "a b", id="escape behind escape: a blank"),
        pytest.param(b"a\x1b", "a ", id="escape at the end: a blank"),
        pytest.param(b"a\r", "a\r", id="CR is not padding where the length counts septets"),
        pytest.param(b"a\x00", "a@", id="nor is @"),
    ],
)
def test_receivers_rules(septets: bytes, text: str) -> None:
    assert gsm7.decode(septets) == text
