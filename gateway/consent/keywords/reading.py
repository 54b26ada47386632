"""Reads what a message asks for, from the plainest sign to the faintest (K-1 to K-6). Pure.

Whatever looks like a stop is one: it is kept first and asked about afterwards. Consent is given by
the bare keywords alone.
"""

from __future__ import annotations

from typing import Final

from gateway.consent.keywords.intent import Certainty, Intent, IntentKind
from gateway.consent.keywords.normal import Normal, normalise
from gateway.consent.keywords.patterns import REMOVED, Match
from gateway.consent.keywords.vocabulary import Keyword, Vocabulary, load_vocabulary
from gateway.domain.consent import MARKETING

FEW_WORDS: Final = 4
"""Words of a message in which a keyword counts wherever it stands (K-2)."""
SIGNS: Final = frozenset("🛑⛔🚫")
"""Pictures that, alone, say stop in every language."""
_LONG_ENOUGH_TO_JOIN: Final = 6
"""Letters from which two words are tried as a keyword torn apart: ``opt oit``."""
_FIRST_UNSPACED: Final = "\u2e80"
"""From here on scripts that put no gap between words."""


def read_intent(text: str) -> Intent | None:
    """Return what a message asks for; None for the ordinary ones.

    A yes is returned wherever one stands alone: whether it answers a question is for the caller.
    """
    message, known = normalise(text), load_vocabulary()
    if not message.clauses:
        return _sign(text)
    return (
        _whole(message, known)
        or _typed(message, known)
        or _unspaced(message, known)
        or _spoken(message, known)
        or _mistyped(message, known)
    )


def _sign(text: str) -> Intent | None:
    sign = next((character for character in text if character in SIGNS), None)
    return None if sign is None else _stop(Certainty.NEAR, sign, "en")


def _whole(message: Normal, known: Vocabulary) -> Intent | None:
    """Read a message that is a keyword, with politeness around it or said more than once."""
    exact = known.whole.get(message.compact)
    if exact is not None:
        return _intent(exact, Certainty.EXACT)
    bare = _bare(message, known)
    polite = known.whole.get("".join(bare)) or known.whole.get("".join(dict.fromkeys(bare)))
    if polite is None or polite.kind is IntentKind.START:
        return None
    return _intent(polite, Certainty.NEAR)


def _typed(message: Normal, known: Vocabulary) -> Intent | None:
    """Read a stop with its topic: STOP CART (K-5), STOP ALL (K-6)."""
    first, *rest = _bare(message, known) or ("",)
    if first not in known.strong or not rest:
        return None
    scope = known.topics.get(" ".join(rest))
    if scope is None:
        return None
    return _stop(Certainty.NEAR, f"{first} {' '.join(rest)}", known.strong[first], scope)


def _unspaced(message: Normal, known: Vocabulary) -> Intent | None:
    text = message.compact
    if text.isascii() or max(text) < _FIRST_UNSPACED:
        return None
    for ordinary in known.unspaced_ordinary:
        text = text.replace(ordinary, REMOVED)
    for word, language in known.unspaced:
        if word in text:
            return _stop(Certainty.REASONABLE, word, language)
    return None


def _spoken(message: Normal, known: Vocabulary) -> Intent | None:
    """Read free text by the patterns, then by the strong words that no pattern explains away."""
    left = []
    for clause in message.clauses:
        match, rest = _scan(clause, known)
        if match is not None:
            return _stop(Certainty.REASONABLE, match.phrase.written, match.phrase.language)
        left.append(rest)
    return _among_few(message, left, known) or _at_an_edge(left, known)


def _scan(clause: tuple[str, ...], known: Vocabulary) -> tuple[Match | None, list[str]]:
    """Return the first stop in a statement, or else its words without what only looks like one."""
    statement, place, rest = " ".join(clause) + " ", 0, []
    while place < len(statement):
        match = known.patterns.longest(statement, place)
        if match is not None and match.phrase.stops:
            return match, []
        end = statement.index(" ", place)
        rest.append(statement[place:end] if match is None else REMOVED)
        place = end + 1 if match is None else max(match.end, end + 1)
    return None, rest


def _among_few(message: Normal, left: list[list[str]], known: Vocabulary) -> Intent | None:
    words = [word for clause in left for word in clause]
    if len(message.words) > FEW_WORDS or not known.things.isdisjoint(message.words):
        return None
    word = next((word for word in words if word in known.strong), None)
    if word is None:
        return None
    alone = len(_bare(message, known)) == 2 and message.words[0] == word
    certainty = Certainty.REVIEW if alone else Certainty.NEAR
    return _stop(certainty, word, known.strong[word])


def _at_an_edge(left: list[list[str]], known: Vocabulary) -> Intent | None:
    """Find a statement that begins or ends with a strong word: perhaps a stop."""
    edges = (word for clause in left if clause for word in (clause[0], clause[-1]))
    word = next((word for word in edges if word in known.strong), None)
    return None if word is None else _stop(Certainty.REVIEW, word, known.strong[word])


def _mistyped(message: Normal, known: Vocabulary) -> Intent | None:
    bare = tuple(dict.fromkeys(_bare(message, known)))
    joined = "".join(bare)
    if not bare or len(bare) > (2 if len(joined) >= _LONG_ENOUGH_TO_JOIN else 1):
        return None
    keyword = known.near(joined)
    return None if keyword is None else _intent(keyword, Certainty.NEAR)


def _bare(message: Normal, known: Vocabulary) -> tuple[str, ...]:
    """Return the words of a short message without politeness; of a longer one, none."""
    words = message.words
    if len(words) > 2 * FEW_WORDS:
        return ()
    return tuple(known.polite.sub("", " ".join(words) + " ").split()) or words


def _intent(keyword: Keyword, certainty: Certainty) -> Intent:
    return Intent(
        kind=keyword.kind,
        certainty=certainty,
        word=keyword.word,
        language=keyword.language,
        scope=keyword.scope,
    )


def _stop(certainty: Certainty, word: str, language: str, scope: str = MARKETING) -> Intent:
    return Intent(
        kind=IntentKind.STOP, certainty=certainty, word=word, language=language, scope=scope
    )
