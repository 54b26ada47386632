"""A text as it is searched: small letters without accents, links and placeholders out of the way.

Every character remembers where it came from, so that what is found can be shown in the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from gateway.consent.wording.finding import Span

LINK: Final = "\x01"
"""Stands for a character of a link. Below 256, where `re` compiles a set of characters at once."""
PLACEHOLDER: Final = "\x02"
"""Stands for a character of a placeholder of a template."""

_OURS: Final = str.maketrans(dict.fromkeys(LINK + PLACEHOLDER, " "))
"""No text brings those characters along."""

_APART: Final = {
    "ł": "l",
    "ø": "o",
    "đ": "d",
    "œ": "oe",
    "æ": "ae",
    **dict.fromkeys("\u2018\u2019\u02bc", "'"),
}
"""What Unicode does not take apart although readers do."""

_PLACEHOLDER: Final = re.compile(r"\{\{\s*([\w.]+)\s*\}\}|\{([\w.]+)\}")
_LINK_NAMES: Final = re.compile(r"link|url", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Folded:
    """A text that can be searched."""

    text: str
    origins: tuple[int, ...]
    """For each character of `text`, which character of the original it came from."""

    def span(self, start: int, end: int) -> Span:
        """Return where characters ``start`` to ``end`` of `text` stand in the original."""
        return Span(start=self.origins[start], end=self.origins[end - 1] + 1)


def fold(text: str, *, links: Iterable[Span] = ()) -> Folded:
    """Return a text for searching.

    Args:
        text: as it would be sent.
        links: what of it are links; their words are no words of the text.
    """
    signs = list(text.translate(_OURS))
    for name, span in placeholders(text):
        _mask(signs, span, LINK if _LINK_NAMES.search(name) else PLACEHOLDER)
    for span in links:
        _mask(signs, span, LINK)
    masked = "".join(signs)
    if masked.isascii():  # then a small letter is all that is left of each
        return Folded(text=masked.lower(), origins=tuple(range(len(masked))))
    folded = [(plain, place) for place, sign in enumerate(signs) for plain in fold_sign(sign)]
    return Folded(
        text="".join(plain for plain, _ in folded), origins=tuple(place for _, place in folded)
    )


def fold_text(text: str) -> str:
    """Return a word or a phrase as it stands in a folded text."""
    return "".join(map(fold_sign, text))


@lru_cache(maxsize=4096)
def fold_sign(sign: str) -> str:
    """Return what is left of a character: small, without its accents."""
    parts = unicodedata.normalize("NFKD", sign.casefold())
    plain = "".join(part for part in parts if not unicodedata.combining(part))
    return "".join(_APART.get(part, part) for part in plain)


def placeholders(text: str) -> list[tuple[str, Span]]:
    """Return the places that a template leaves open, such as ``{name}``, with their names."""
    found = _PLACEHOLDER.finditer(text)
    return [(match[1] or match[2], Span(start=match.start(), end=match.end())) for match in found]


def _mask(signs: list[str], span: Span, sign: str) -> None:
    signs[span.start : span.end] = sign * (span.end - span.start)
