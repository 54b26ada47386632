"""Judging a text: which rules hold for it, and everything that they find.

Pure: the same draft is judged alike on the command line, at admission and in a test.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from gateway.consent.wording.draft import Draft, Kind
from gateway.consent.wording.finding import Finding, Severity
from gateway.consent.wording.offers import judge_offers
from gateway.consent.wording.optout import judge_opt_out, with_mention
from gateway.consent.wording.sender import judge_answer, judge_sender
from gateway.consent.wording.size import Size, judge_size, measure
from gateway.consent.wording.texts import judge_slots
from gateway.domain.purpose import Purpose


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """What came of judging a text."""

    findings: tuple[Finding, ...]
    """The errors first."""
    size: Size
    """Of what goes out: with the mention, where it has to be added."""

    @property
    def faulty(self) -> bool:
        """True when the text may not go out as it is."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)


def judge(draft: Draft, mention: str, cost_per_part: Decimal | None = None) -> Judgement:
    """Judge a text.

    Args:
        draft: the text.
        mention: how an opt-out is offered; see `gateway.consent.wording.optout.mention_for`.
        cost_per_part: in any money; the sum comes in the same.

    Raises:
        EncodeError: the text holds half a surrogate pair.
    """
    outgoing = with_mention(draft, mention) if _advertises(draft) else draft.text
    size = measure(outgoing, cost_per_part)
    found = [*_rules(draft, mention), *judge_size(size, draft.text)]
    order = list(Severity)
    found.sort(key=lambda finding: order.index(finding.severity))
    return Judgement(findings=tuple(found), size=size)


def _advertises(draft: Draft) -> bool:
    marketing = draft.kind is Kind.MESSAGE and draft.purpose is Purpose.MARKETING
    return marketing and draft.asks.opt_out


def _rules(draft: Draft, mention: str) -> Iterator[Finding]:
    if draft.kind is not Kind.MESSAGE:
        yield from judge_slots(draft)
    elif draft.purpose is Purpose.MARKETING:
        yield from judge_sender(draft)
        yield from judge_opt_out(draft, mention)
        yield from judge_answer(draft)
    if _serves(draft):
        yield from judge_offers(draft)
    yield from _judge_links(draft)


def _serves(draft: Draft) -> bool:
    """Return True for what may not advertise: service messages and answers (US-4)."""
    if draft.kind is Kind.MESSAGE:
        return draft.purpose is not Purpose.MARKETING
    return draft.kind in (Kind.STOP_CONFIRM, Kind.HELP)


def _judge_links(draft: Draft) -> Iterator[Finding]:
    for link in draft.links:
        if link.shared:
            yield Finding(
                id="short_link",
                severity=Severity.ERROR,
                what="a public short link hides whose it is, and operators block it",
                remedy="link the store's own domain",
                rules=("US-8",),
                where=link.where,
            )
        if draft.purpose is Purpose.OTP and draft.kind is Kind.MESSAGE:
            yield Finding(
                id="otp_link",
                severity=Severity.ERROR,
                what="a message with a code has a link, as fraud does",
                remedy="send the code alone",
                rules=(),
                where=link.where,
            )
