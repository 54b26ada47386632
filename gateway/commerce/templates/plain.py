"""Signs that a phone shows as well in the alphabet of 7 bit, in what Babel writes.

One sign that is not in it makes a message of two parts out of one of 160 characters; a space that
does not break is such a sign, and so are the accents of "août" and "sábado".
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

from gateway.sms import Alphabet, count_parts

_SIGNS: Final = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u2009\u202f", " "),
        **dict.fromkeys("\u2018\u2019\u201a", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2013\u2014\u2212", "-"),
        **dict.fromkeys("\u00ad\u200b\u200e\u200f", ""),
        "\u2026": "...",
    }
)


def plain(text: str) -> str:
    """Return a text with typewriter's signs, and without accents where that makes it 7 bit."""
    typed = text.translate(_SIGNS)
    if is_plain(typed):
        return typed
    bare = "".join(map(_bare, typed))
    return bare if is_plain(bare) else typed


def is_plain(text: str) -> bool:
    """Tell whether a text is in the alphabet of 7 bit."""
    return count_parts(text).alphabet is Alphabet.GSM7


def _bare(sign: str) -> str:
    if is_plain(sign):
        return sign
    apart = unicodedata.normalize("NFKD", sign)
    return "".join(part for part in apart if not unicodedata.combining(part))


@dataclass(frozen=True, kw_only=True, slots=True)
class Costly:
    """A character that is not in the alphabet of 7 bit."""

    sign: str
    at: int
    """Where it stands first, from 0."""
    name: str
    """As Unicode has it."""
    instead: str | None
    """What a phone shows as well, in 7 bit; None where there is nothing."""


def costly_signs(text: str) -> list[Costly]:
    """Return each character that makes a text 16 bit, once, in the order of the text."""
    return [
        Costly(
            sign=sign,
            at=text.index(sign),
            name=unicodedata.name(sign, f"U+{ord(sign):04X}").lower(),
            instead=_instead(sign),
        )
        for sign in dict.fromkeys(text)
        if not is_plain(sign)
    ]


def _instead(sign: str) -> str | None:
    plainer = _bare(sign.translate(_SIGNS)) if sign.translate(_SIGNS) else ""
    return plainer if is_plain(plainer) else None
