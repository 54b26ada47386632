"""All lists together, in the form in which messages are looked up. Built once; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from gateway.consent.keywords.intent import IntentKind
from gateway.consent.keywords.lists import WordList, load_lists
from gateway.consent.keywords.near import SHORTEST, Slips
from gateway.consent.keywords.normal import normalise, phrase
from gateway.consent.keywords.patterns import Patterns, Phrase
from gateway.domain.consent import ALL, MARKETING

_SHORTEST_SLIP: Final = 3
"""Letters below which a word is no slip for any other: ``stp`` is the shortest that is."""
_LONGEST: Final = 40
"""Letters beyond which nothing is taken for a slip: the longest keyword, each letter thrice."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Keyword:
    """One word or phrase of a list."""

    kind: IntentKind
    scope: str
    word: str
    language: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Vocabulary:
    """What all languages know."""

    whole: Mapping[str, Keyword]
    """By the keyword without gaps."""
    strong: Mapping[str, str]
    """Words that count among others (K-2), with their language."""
    topics: Mapping[str, str]
    """What may stand behind a stop (K-5), with the scope that it names."""
    polite: re.Pattern[str]
    things: frozenset[str]
    ordinary: frozenset[str]
    """Words that are no slip of the finger."""
    slips: Slips
    """Keywords that can be mistyped."""
    patterns: Patterns
    unspaced: tuple[tuple[str, str], ...]
    """Stops in scripts without gaps, with their language; longest first."""
    unspaced_ordinary: tuple[str, ...]

    def near(self, word: str) -> Keyword | None:
        """Return the keyword that a word was meant to be, if any (K-3)."""
        if not _SHORTEST_SLIP <= len(word) <= _LONGEST or word in self.ordinary:
            return None
        meant = self.slips.find(word)
        return None if meant is None else self.whole[meant]


@cache
def load_vocabulary() -> Vocabulary:
    """Return what all lists hold.

    Raises:
        ConfigurationError: a list is wrong.
    """
    lists = load_lists()
    whole = _whole(lists)
    return Vocabulary(
        whole=whole,
        strong=_first_language((phrase(word), x.language) for x in lists for word in x.among.stop),
        topics={phrase(w): scope for x in lists for scope, ws in x.topics.items() for w in ws},
        polite=_polite(lists),
        things=frozenset(phrase(word) for x in lists for word in x.among.things),
        ordinary=frozenset(phrase(word) for x in lists for word in x.among.not_near),
        slips=Slips(_mistyped(whole, lists)),
        patterns=Patterns(_phrases(lists)),
        unspaced=tuple(_unspaced(lists)),
        unspaced_ordinary=tuple(
            normalise(word).compact for x in lists for word in x.unspaced.not_stop
        ),
    )


def _whole(lists: Iterable[WordList]) -> dict[str, Keyword]:
    whole: dict[str, Keyword] = {}
    for known in lists:
        for kind, scope, words in (
            (IntentKind.STOP, MARKETING, known.whole.stop),
            (IntentKind.STOP, ALL, known.whole.stop_all),
            (IntentKind.START, MARKETING, known.whole.start),
            (IntentKind.HELP, MARKETING, known.whole.help),
            (IntentKind.YES, MARKETING, known.whole.yes),
        ):
            for word in words:
                keyword = Keyword(
                    kind=kind, scope=scope, word=phrase(word), language=known.language
                )
                whole.setdefault(normalise(word).compact, keyword)
    return whole


def _mistyped(whole: Mapping[str, Keyword], lists: Iterable[WordList]) -> Iterator[str]:
    short = {phrase(word) for known in lists for word in known.among.mistyped}
    for word, keyword in whole.items():
        if keyword.kind is IntentKind.STOP and (len(word) >= SHORTEST or word in short):
            yield word


def _polite(lists: Iterable[WordList]) -> re.Pattern[str]:
    words = {phrase(word) for known in lists for word in known.among.polite}
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<!\S)(?:{'|'.join(map(re.escape, longest_first))}) ")


def _phrases(lists: Iterable[WordList]) -> Iterator[Phrase]:
    for known in lists:
        for stops, patterns in ((True, known.free.stop), (False, known.free.not_stop)):
            for written in patterns:
                yield Phrase(written=written, language=known.language, stops=stops, sets=known.sets)


def _unspaced(lists: Iterable[WordList]) -> list[tuple[str, str]]:
    found = [(normalise(w).compact, x.language) for x in lists for w in x.unspaced.stop]
    return sorted(found, key=lambda entry: -len(entry[0]))


def _first_language(entries: Iterable[tuple[str, str]]) -> dict[str, str]:
    first: dict[str, str] = {}
    for word, language in entries:
        first.setdefault(word, language)
    return first
