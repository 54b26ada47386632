"""How the policy files write what is looked for, and how it is found.

A phrase is words apart, in any case, with or without accents. It may also have:

    word*        any ending
    (a|b c)      one of these
    (a|b)?       one of these, or none; never at the end
    ~            up to three other words
    #            a number
    #####        a number of five digits, as short codes are
    @            a link

Between two words may stand what ends no sentence. Every repetition is bounded, so that no text
takes long.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from gateway.consent.wording.folding import LINK, PLACEHOLDER, fold_text

_GAP: Final = rf"[^\w.!?{LINK}]"
_SIGNS: Final = {
    ")? ": f")?{_GAP}{{0,6}}",
    " ~ ": rf"(?:{_GAP}{{1,6}}\w{{1,20}}){{0,3}}{_GAP}{{1,6}}",
    " ": f"{_GAP}{{1,6}}",
    "*": r"\w{0,20}",
    "#####": r"\d{5}",
    "#": rf"(?:\d[\d.,]{{0,12}}|{PLACEHOLDER}{{1,40}})",
    "@": f"{LINK}{{1,300}}",
    "(": "(?:",
    "|": "|",
    ")": ")",
}
_TOKEN: Final = re.compile("|".join(map(re.escape, _SIGNS)) + r"|[^ *#@(|)]+")
_NEVER: Final = re.compile(r"(?!)")


def compile_phrases(phrases: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern that finds any of these phrases in a folded text, the longest first."""
    written = sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase))
    if not written:
        return _NEVER
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(_pattern, written))})(?!\w)")


def _pattern(phrase: str) -> str:
    tokens: list[str] = _TOKEN.findall(phrase)
    return "".join(_SIGNS.get(token) or re.escape(fold_text(token)) for token in tokens)
