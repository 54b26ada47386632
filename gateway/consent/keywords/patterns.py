r"""A small language for phrases, so that the rules of a language are data. Pure.

``dont {fill}* send (me|us)? * $`` is read word by word:

    word        this word                 word~       a word that begins so
    ~ing        a word that ends so       _           any word
    {name}      one of a class            (a|b c)     one of these
    x?          x or nothing              {name}*     up to five of it
    *           up to four words          ^ and $     the beginning and the end of a statement
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from gateway.consent.keywords.normal import phrase

REMOVED: Final = "\x1f"
"""Stands where something was taken out of a statement; no pattern reaches over it."""

_ELEMENT: Final = re.compile(r"\([^)]*\)[*?]?|\{\w+\}[*?]?|\S+")
_WORD: Final = rf"[^\s{REMOVED}]"
_MOST_REPEATS: Final = 5
_GAP: Final = 4
_WORDS: Final = 4096
"""Words whose expression is kept; those of a class are in many patterns."""
_KEY: Final = 2
"""Letters of its first word under which a pattern is kept, so that few are tried at a word."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Phrase:
    """One pattern of a list."""

    written: str
    language: str
    stops: bool
    """Whether it means stop; otherwise it only looks so."""
    sets: Mapping[str, Sequence[str]]
    """The classes of its language."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """A pattern that fits somewhere in a statement."""

    phrase: Phrase
    end: int
    """Where the statement goes on."""


class Patterns:
    """Many patterns, tried together."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._phrases = tuple(phrases)
        kept: dict[str, list[str]] = defaultdict(list)
        for number, pattern in enumerate(self._phrases):
            elements = _ELEMENT.findall(pattern.written)
            source = "".join(_expression(element, pattern.sets) for element in elements)
            for key in _keys(elements, pattern.sets):
                kept[key].append(f"(?P<p{number}>{source})")
        self._sources = dict(kept)
        self._compiled: dict[str, tuple[re.Pattern[str], ...]] = {}

    def longest(self, statement: str, start: int) -> Match | None:
        """Return the pattern that fits most from a place on; of equals, the one that stops.

        Args:
            statement: words, each with a blank behind it.
            start: where a word begins.
        """
        key = statement[start : start + _KEY].rstrip()
        found = [
            Match(phrase=self._phrases[int(fit.lastgroup[1:])], end=fit.end())
            for expression in (*self._under(key), *self._under(""))
            if (fit := expression.match(statement, start)) and fit.lastgroup
        ]
        return max(found, key=lambda match: (match.end, match.phrase.stops), default=None)

    def _under(self, key: str) -> tuple[re.Pattern[str], ...]:
        """Return what can begin so; compiled at the first word that does, most never are."""
        if key not in self._sources:
            return ()
        if key not in self._compiled:
            self._compiled[key] = tuple(map(re.compile, self._sources[key]))
        return self._compiled[key]


def _expression(element: str, sets: Mapping[str, Sequence[str]]) -> str:
    """Return the regular expression of one element, blank behind each word included."""
    if element in ("^", "$"):
        return {"^": r"\A", "$": r"\Z"}[element]
    if element == "*":
        return rf"(?:{_WORD}+ ){{0,{_GAP}}}"
    bare, mark = (element[:-1], element[-1]) if element[-1] in "*?" else (element, "")
    inner = _one(bare, sets)
    if mark == "*":
        return rf"(?:{inner}){{0,{_MOST_REPEATS}}}"
    return f"(?:{inner}){mark}"


def _one(element: str, sets: Mapping[str, Sequence[str]]) -> str:
    if element[0] == "(":
        choices = (_sequence(choice, sets) for choice in element[1:-1].split("|"))
        return f"(?:{'|'.join(choices)})"
    if element[0] == "{":
        longest_first = sorted(sets[element[1:-1]], key=len, reverse=True)
        return f"(?:{'|'.join(_sequence(word, sets) for word in longest_first)})"
    if element == "_":
        return rf"{_WORD}+ "
    if element[0] == "~":
        return rf"{_WORD}*{_literal(element[1:])} "
    if element[-1] == "~":
        return rf"{_literal(element[:-1])}{_WORD}* "
    return f"{_literal(element)} "


def _sequence(words: str, sets: Mapping[str, Sequence[str]]) -> str:
    return "".join(_expression(element, sets) for element in _ELEMENT.findall(words))


@lru_cache(maxsize=_WORDS)
def _literal(word: str) -> str:
    return re.escape(phrase(word)).replace(r"\ ", " ")


def _keys(elements: Sequence[str], sets: Mapping[str, Sequence[str]]) -> set[str]:
    """Return the beginnings of the words that a pattern can begin with; ``""`` for any."""
    keys: set[str] = set()
    for element in elements:
        if element == "^":
            continue
        keys |= _first(element, sets)
        if element[-1] not in "*?":
            return keys
    return keys | {""}


def _first(element: str, sets: Mapping[str, Sequence[str]]) -> set[str]:
    bare = element.rstrip("*?")
    if not bare or bare[0] in "_~$":
        return {""}
    if bare[0] == "(":
        choices: Sequence[str] = bare[1:-1].split("|")
    elif bare[0] == "{":
        choices = sets[bare[1:-1]]
    else:
        word = bare.removesuffix("~")
        first = phrase(word).split(" ")[0]
        return {first[:_KEY]} if len(first) >= _KEY or bare == word else {""}
    return set().union(*(_keys(_ELEMENT.findall(choice), sets) for choice in choices))
