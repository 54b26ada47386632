"""The one form in which messages and keywords are compared (COMPLIANCE section 5, K-9). Pure.

NFKC, casefold, without punctuation, symbols, zero-width characters and the marks on Latin and
Greek letters. Other scripts stay as they are. The message itself is never changed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

LONGEST: Final = 2000
"""Characters of a message that are looked at: beyond ten parts nobody writes a stop."""

_BREAKS: Final = frozenset('.,;:!?…\n()[]{}¡¿。、！？，；：؟،؛|/"“”«»【】')
"""Characters between two statements."""
_JOINERS: Final = frozenset("'’‘`´ʼ")
"""Left out without a gap, so that ``don't`` is one word."""
_LETTERLIKE: Final = {"$": "s", "@": "a", "€": "e"}
"""Symbols that stand for a letter when they touch one."""
_VOWEL_POINTS: Final = re.compile("[\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0640]")
"""Hebrew and Arabic points and the stretching stroke, which nobody needs to write."""
_BREAK: Final = "\n"
_MARKED_SCRIPTS: Final = ("LATIN", "GREEK")

_LATIN_AS: Final = {
    "CYRILLIC": dict(zip("aceopxyktmhbi", "асеорхукт" + "мнві", strict=True)),
    "GREEK": dict(zip("abehikmnoptxyz", "αβεηικμνορτχυζ", strict=True)),
}
"""Latin letters by the letters of other scripts that look the same, in small form. A Greek phone
writes ΣΤΟΠ with a Latin T and O, since the GSM alphabet has only the letters that differ."""
_AS_LATIN: Final = {
    like: latin for letters in _LATIN_AS.values() for latin, like in letters.items()
} | {"ѕ": "s", "ј": "j", "ԁ": "d", "с": "c"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Normal:
    """A message in the form in which it is compared."""

    clauses: tuple[tuple[str, ...], ...]
    """Its statements, each as words; none is empty."""

    @property
    def words(self) -> tuple[str, ...]:
        """All words in order."""
        return tuple(word for clause in self.clauses for word in clause)

    @property
    def compact(self) -> str:
        """All of it without gaps."""
        return "".join(self.words)


def normalise(text: str) -> Normal:
    """Return a message in the form in which it is compared."""
    folded = unicodedata.normalize("NFKC", text[:LONGEST]).casefold()
    plain = _VOWEL_POINTS.sub("", "".join(map(_plain, _without_marks(folded))))
    clauses = (_words(clause) for clause in plain.split(_BREAK))
    return Normal(clauses=tuple(clause for clause in clauses if clause))


def phrase(text: str) -> str:
    """Return words of a list in the same form, with one blank between two."""
    return " ".join(normalise(text).words)


def _words(clause: str) -> tuple[str, ...]:
    words = clause.split()
    if len(words) > 1 and all(len(word) == 1 and word.isalpha() for word in words):
        words = ["".join(words)] if words[0].isascii() else words
    return tuple(map(_one_script, words))


def _without_marks(text: str) -> str:
    """Return a text whose Latin and Greek letters bear no marks, and whose symbols are letters."""
    if text.isascii():
        return _spell(text)
    kept, marked = [], False
    for character in unicodedata.normalize("NFD", text):
        if unicodedata.combining(character):
            if marked:
                continue
        else:
            marked = _bears_marks(character)
        kept.append(character)
    return _spell(unicodedata.normalize("NFC", "".join(kept)))


def _spell(text: str) -> str:
    for symbol, letter in _LETTERLIKE.items():
        if symbol in text:
            text = re.sub(rf"{re.escape(symbol)}(?=[a-z])", letter, text)
    return text


@lru_cache(maxsize=4096)
def _bears_marks(character: str) -> bool:
    return unicodedata.name(character, "").startswith(_MARKED_SCRIPTS)


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    """Return what a character counts as: itself, nothing, a gap or the end of a statement."""
    if character.isalnum():
        return _LIGATURES.get(character, character)
    if character in _BREAKS:
        return _BREAK
    if character in _JOINERS:
        return ""
    category = unicodedata.category(character)
    if category in ("Mn", "Mc"):
        return "" if unicodedata.name(character, "").startswith("VARIATION") else character
    return "" if category in ("Cf", "Me") else " "


_LIGATURES: Final = {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"}
"""Latin letters with a mark that Unicode does not take apart."""


def _one_script(word: str) -> str:
    """Return a word that mixes look-alikes of two scripts in the one that it is meant in."""
    if word.isascii():
        return word
    scripts = {_script(character) for character in word if character.isalpha()}
    if "LATIN" not in scripts and not any(character in "ѕјԁ" for character in word):
        return word
    others = [character for character in word if _script(character) in _LATIN_AS]
    if others and all(character in _AS_LATIN for character in others):
        return "".join(_AS_LATIN.get(character, character) for character in word)
    for script in scripts & _LATIN_AS.keys():
        return "".join(_LATIN_AS[script].get(character, character) for character in word)
    return word


@lru_cache(maxsize=4096)
def _script(character: str) -> str:
    return unicodedata.name(character, "").partition(" ")[0]
