"""What a text takes: parts, alphabet, money; with what must still be added to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from gateway.consent.wording.finding import Finding, Severity, Span
from gateway.domain.job import MAX_PARTS
from gateway.sms import Alphabet, PartCount, count_parts

_PLAIN: Final = {
    **dict.fromkeys("\u2018\u2019\u201a\u00b4\u0060", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"'),
    **dict.fromkeys("\u2010\u2013\u2014\u2022\u2212", "-"),
    **dict.fromkeys("\u00a0\u2009\u202f", " "),
    **dict.fromkeys("\u00ad\u200b", ""),
    "\u2026": "...",
}
"""Typography that word processors make, and what a phone shows as well in 7 bit."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """What one message of a text takes."""

    text: str
    """As it would go out."""
    count: PartCount
    cost: Decimal | None
    """For all parts, in whatever money a part's cost was given; None when it was not."""


def measure(text: str, cost_per_part: Decimal | None = None) -> Size:
    """Return what a text takes.

    Raises:
        EncodeError: the text holds half a surrogate pair.
    """
    count = count_parts(text)
    cost = None if cost_per_part is None else cost_per_part * count.parts
    return Size(text=text, count=count, cost=cost)


def judge_size(size: Size, written: str) -> Iterator[Finding]:
    """Find what makes a text too long, or longer than it has to be.

    Args:
        size: of the text as it would go out.
        written: the text as it was written.
    """
    if size.count.parts > MAX_PARTS:
        yield Finding(
            id="too_many_parts",
            severity=Severity.ERROR,
            what=f"the text takes {size.count.parts} parts",
            remedy=f"at most {MAX_PARTS} are sent: shorten it",
            rules=(),
        )
    if size.count.alphabet is Alphabet.UCS2:
        better = count_parts("".join(_PLAIN.get(sign, sign) for sign in size.text))
        if better.parts < size.count.parts:
            yield _dear(written, size.count, better)


def _dear(written: str, count: PartCount, better: PartCount) -> Finding:
    place = next((at for at, sign in enumerate(written) if sign in _PLAIN), None)
    return Finding(
        id="dear_sign",
        severity=Severity.ADVICE,
        what=f"typographic signs make {count.parts} parts of what would be {better.parts}",
        remedy="write ' \" - and ... as a typewriter has them",
        rules=(),
        where=None if place is None else Span(start=place, end=place + 1),
    )
