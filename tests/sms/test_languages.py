from __future__ import annotations

import unicodedata

import pytest

from gateway.sms import gsm7
from gateway.sms.languages import Language, locking_table, single_shift_table

INDIC = [Language(number) for number in range(Language.BENGALI, Language.TELUGU + 1)]


@pytest.mark.parametrize(
    ("language", "septet", "character"),
    [
        (Language.TURKISH, 0x40, "İ"),
        (Language.PORTUGUESE, 0x15, "∞"),
        (Language.PORTUGUESE, 0x7D, "`"),
        (Language.BENGALI, 0x0C, " "),
        (Language.BENGALI, 0x7F, "ৱ"),
        (Language.GUJARATI, 0x0C, "ઍ"),
        (Language.HINDI, 0x3C, "ऩ"),
        (Language.HINDI, 0x15, "क"),
        (Language.KANNADA, 0x24, "ಡ"),
        (Language.MALAYALAM, 0x7F, "൹"),
        (Language.ORIYA, 0x60, "ୖ"),
        (Language.PUNJABI, 0x7F, "ੴ"),
        (Language.TAMIL, 0x3C, "ன"),
        (Language.TAMIL, 0x40, " "),
        (Language.TELUGU, 0x48, " "),
        (Language.URDU, 0x2C, ","),
        (Language.URDU, 0x5B, "ے"),
    ],
)
def test_main_tables_at_their_peculiar_places(
    language: Language, septet: int, character: str
) -> None:
    assert locking_table(language)[septet] == character


@pytest.mark.parametrize(
    ("language", "septet", "character"),
    [
        (Language.TURKISH, 0x69, "\u0131"),
        (Language.SPANISH, 0x75, "ú"),
        (Language.PORTUGUESE, 0x7F, "â"),
        (Language.BENGALI, 0x19, "\u09e6"),
        (Language.BENGALI, 0x34, "\u09fa"),
        (Language.GUJARATI, 0x25, "\u0aef"),
        (Language.HINDI, 0x3A, "\u0971"),
        (Language.KANNADA, 0x2A, "\u0cf2"),
        (Language.MALAYALAM, 0x34, "\u0d7f"),
        (Language.ORIYA, 0x20, "\u0b6a"),
        (Language.PUNJABI, 0x2D, "\u0a75"),
        (Language.TAMIL, 0x24, "\u0bee"),
        (Language.TELUGU, 0x1C, "\u0c66"),
        (Language.TELUGU, 0x32, "\u0c7f"),
        (Language.URDU, 0x3B, "\u06cd"),
        (Language.URDU, 0x3F, "\u06d4"),
        (Language.URDU, 0x65, "€"),
    ],
)
def test_tables_behind_an_escape_at_their_peculiar_places(
    language: Language, septet: int, character: str
) -> None:
    assert single_shift_table(language)[septet] == character


@pytest.mark.parametrize("language", Language)
def test_no_letter_stands_twice(language: Language) -> None:
    table = locking_table(language)
    letters = [character for character in table if character.isalpha()]
    assert len(table) == 128
    assert len(letters) == len(set(letters))
    assert table[gsm7.ESCAPE] == "\x1b"
    assert (table[0x0A], table[0x0D], table[0x20]) == ("\n", "\r", " ")


@pytest.mark.parametrize("language", INDIC)
def test_scripts_have_the_letters_of_their_own_name(language: Language) -> None:
    """A wrong block or a place that Unicode has no letter for would show in the names."""
    characters = set(locking_table(language)) | set(single_shift_table(language).values())
    foreign = {"\u0964", "\u0965"}  # the dandas, which all scripts take from Devanagari
    own = [c for c in characters - foreign if ord(c) > 0x900 and c != "€"]
    script = {Language.HINDI: "DEVANAGARI", Language.PUNJABI: "GURMUKHI"}.get(
        language, language.name
    )
    assert len(own) > 50
    assert {unicodedata.name(character).split()[0] for character in own} == {script}


@pytest.mark.parametrize("language", [0, 14, 200, 255])
def test_unknown_language_leaves_the_default(language: int) -> None:
    assert locking_table(language) == gsm7.DEFAULT
    assert single_shift_table(language) == gsm7.EXTENSION


def test_spanish_has_no_main_table() -> None:
    assert locking_table(Language.SPANISH) == gsm7.DEFAULT
