"""No offer inside of a service message (COMPLIANCE.md section 6, "Transactional definition").

An order update with an offer in it is an advertisement. What an order costs is none: a price is
let pass where its sentence speaks of the order and does not praise it. What only a reader can tell
is a warning.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

from gateway.consent.wording.draft import Draft, Kind
from gateway.consent.wording.finding import Finding, Severity, Span
from gateway.consent.wording.links import Goal
from gateway.domain.purpose import Purpose

RULES: Final = ("T-1",)
"""As docs/compliance.md numbers the definition."""

_CURRENCY: Final = (
    r"(?:us\$|[€£$¥₹]|\b(?:chf|eur|gbp|usd|pln|brl|euros?|pounds?|dollars?|zl|zlotych|kr|reais)\b)"
)
_AMOUNT: Final = r"\d{1,7}(?:[.,]\d{1,3}){0,3}"
_PRICE: Final = re.compile(
    rf"(?:us\$|r\$|[€£$¥₹]|\b(?:chf|eur|gbp|usd|pln)) ?{_AMOUNT}|{_AMOUNT} ?{_CURRENCY}"
)
_PERCENT: Final = re.compile(
    r"(?P<minus>(?<![\d\w])[-\u2212\u2013] ?)?\d{1,2}(?:[.,]\d)? ?"
    r"(?:%|per ?cent\b|prozent\b|procent\b|pour ?cent\b|por ?ciento\b|per ?cento\b|por ?cento\b)"
)
_END: Final = re.compile(r"[!?\n]+|(?<=\w\w)\.(?=\s+[^\d\s])|(?<=[%)€])\.(?=\s)")
"""The end of a sentence; ``No. 5`` has none."""
_BEFORE_PRICE: Final = " :-\u2013("
MOST: Final = 10
"""Findings of one kind that are told; whoever mends these will see the others."""
_REACH: Final = 24
"""Characters before a price in which it is praised."""


def judge_offers(draft: Draft) -> Iterator[Finding]:
    """Find what makes an advertisement of a service message."""
    page = _Page(draft)
    found = [*page.offers(), *page.discounts(), *page.prices()]
    yield from _apart(found)
    yield from _apart(list(page.doubts()), beside=found)
    yield from _judge_links(draft)
    if not found and _of_an_order(draft) and not draft.has("service"):
        yield _finding("service_unclear")


def _of_an_order(draft: Draft) -> bool:
    """Return True for what is to be about something of the person's own; a code tells nothing."""
    return draft.kind is Kind.MESSAGE and draft.purpose is Purpose.TRANSACTIONAL


def _judge_links(draft: Draft) -> Iterator[Finding]:
    for link in draft.links:
        if link.goal is Goal.SHOP:
            yield _finding("product_link", link.where)
        elif link.goal is Goal.UNCLEAR and not link.shared:
            yield _finding("link_unclear", link.where)


class _Page:
    """A draft in sentences, without what only sounds like an offer."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._languages = draft.candidates
        self._text = draft.folded.text
        for language in self._languages:
            self._text = language.find("harmless").sub(_blank, self._text)
        ends = [match.end() for match in _END.finditer(self._text)]
        self._starts = [0, *ends]
        self._ends = [*ends, len(self._text)]
        self._said: dict[tuple[int, str], bool] = {}

    def offers(self) -> Iterator[Finding]:
        """Find the words of offers."""
        for match in self._find("offer"):
            yield self._told("offer", match)
        for match in self._find("offer_unless_order"):
            if not self._says(match, "order"):
                yield self._told("offer", match)

    def discounts(self) -> Iterator[Finding]:
        """Find percentages that are neither tax nor part of what an order costs."""
        for match in _PERCENT.finditer(self._text):
            bare = not self._says(match, "order") or self._says(match, "off")
            if match["minus"] or bare:
                yield self._told("discount", match)

    def prices(self) -> Iterator[Finding]:
        """Find prices that are not what an order costs."""
        for match in _PRICE.finditer(self._text):
            if not self._says(match, "order") or self._praised(match.start()):
                yield self._told("price", match)

    def doubts(self) -> Iterator[Finding]:
        """Find what may be an offer."""
        for match in self._find("perhaps_offer"):
            yield self._told("offer_perhaps", match)

    def _find(self, kind: str) -> Iterator[re.Match[str]]:
        for language in self._languages:
            yield from language.find(kind).finditer(self._text)

    def _says(self, match: re.Match[str], kind: str) -> bool:
        """Return True when the sentence around a match has a phrase of a list."""
        sentence = bisect_right(self._starts, match.start()) - 1
        key = sentence, kind
        if key not in self._said:
            start, end = self._starts[sentence], self._ends[sentence]
            self._said[key] = any(
                language.find(kind).search(self._text, start, end) for language in self._languages
            )
        return self._said[key]

    def _praised(self, place: int) -> bool:
        return any(
            not self._text[match.end() : place].strip(_BEFORE_PRICE)
            for language in self._languages
            for match in language.find("cheap").finditer(self._text, max(0, place - _REACH), place)
        )

    def _told(self, id_: str, match: re.Match[str]) -> Finding:
        return _finding(id_, self._draft.folded.span(*match.span()))


def _blank(match: re.Match[str]) -> str:
    return "." * len(match[0])


def _apart(found: list[Finding], *, beside: list[Finding] | None = None) -> Iterator[Finding]:
    """Yield findings in order of place, of those that overlap the first."""
    taken = [finding.where for finding in beside or [] if finding.where]
    told = 0
    for finding in sorted(found, key=_place):
        where = finding.where
        if told < MOST and where and not any(_overlap(where, other) for other in taken):
            taken.append(where)
            told += 1
            yield finding


def _place(finding: Finding) -> tuple[int, int]:
    return (finding.where.start, -finding.where.end) if finding.where else (0, 0)


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


_WORDS: Final = {
    "offer": (
        Severity.ERROR,
        "an offer stands in a service message, which makes it marketing",
        "take it out, or send it as marketing to those who consented",
    ),
    "discount": (
        Severity.ERROR,
        "a discount stands in a service message, which makes it marketing",
        "take it out, or say in the same sentence that it is tax or part of what the order costs",
    ),
    "price": (
        Severity.ERROR,
        "a price stands in a service message, and not as what an order costs",
        "take it out, or say in the same sentence what of the order it is: total, refund",
    ),
    "product_link": (
        Severity.ERROR,
        "a link in a service message leads to what is for sale",
        "link the page of the order or of its delivery",
    ),
    "link_unclear": (
        Severity.WARNING,
        "the address of a link in a service message does not tell that it leads to the order",
        "link the page of the order or of its delivery, such as /orders/1001",
    ),
    "service_unclear": (
        Severity.WARNING,
        "the text speaks of no order, delivery, appointment or account",
        "say what of the person's own it is about; what is not needed for that is marketing",
    ),
    "offer_perhaps": (
        Severity.WARNING,
        "this may be an offer, or ask for a favour, in a service message",
        "look at it: what is not needed for the order is marketing",
    ),
}


def _finding(id_: str, where: Span | None = None) -> Finding:
    severity, what, remedy = _WORDS[id_]
    return Finding(id=id_, severity=severity, what=what, remedy=remedy, rules=RULES, where=where)
