"""Words that are a slip of the finger away from a keyword (K-3). Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

SHORTEST: Final = 6
"""Letters below which a slip makes another word more often than not: ``end`` and ``and``, ``pare``
and ``park``. The lists name the shorter keywords for which slips count all the same."""
LONG: Final = 9
"""Letters from which two slips still leave the word plain: ``unsubscribe``."""

_FIRST_SYLLABIC: Final = "\u0590"
"""From here on the scripts in which one letter is most of a word, Hebrew the first."""


class Slips:
    """Keywords, found by what a person may have typed for them.

    Kept under what is left of each when letters are taken out: two words that are one slip apart
    have such a rest in common (Garbe, Symmetric Delete), so that few are compared letter by letter.
    """

    def __init__(self, keywords: Iterable[str]) -> None:
        self._by_rest: dict[str, list[str]] = defaultdict(list)
        for keyword in keywords:
            if max(keyword) < _FIRST_SYLLABIC:
                for rest in _rests(keyword):
                    self._by_rest[rest].append(keyword)

    def find(self, word: str) -> str | None:
        """Return the keyword that a word was meant to be, the likest first; None for none."""
        found = {keyword for rest in _rests(word) for keyword in self._by_rest.get(rest, ())}
        near = [keyword for keyword in sorted(found) if is_near(word, keyword)]
        return min(near, key=lambda keyword: _distance(word, keyword), default=None)


def is_near(word: str, keyword: str) -> bool:
    """Tell whether ``word`` is ``keyword`` with a slip: a letter more, less, other or swapped.

    A neighbouring key is one other letter; letters that repeat count once.
    """
    if squeeze(word) == squeeze(keyword):
        return True
    slips = _slips(keyword)
    return abs(len(word) - len(keyword)) <= slips and _distance(word, keyword) <= slips


def squeeze(word: str) -> str:
    """Return a word with each run of one letter as a single one."""
    return "".join(letter for letter, _ in groupby(word))


def _slips(word: str) -> int:
    return 2 if len(word) >= LONG else 1


def _rests(word: str) -> set[str]:
    rests = {word, squeeze(word), *_shorter(word)}
    if len(word) >= LONG - 2:
        rests |= {shorter for rest in tuple(rests) for shorter in _shorter(rest)}
    return rests


def _shorter(word: str) -> Iterator[str]:
    return (word[:place] + word[place + 1 :] for place in range(len(word)))


def _distance(one: str, other: str) -> int:
    """Return the optimal string alignment distance (Damerau 1964, without nested swaps)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, against in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
