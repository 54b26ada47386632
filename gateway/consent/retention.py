"""How long what is kept of a person is kept. Pure; the classes are `gateway.consent.datamap.Keep`.

Sources: COMPLIANCE.md G-12 and DE-2. The words of messages go first; then who was written to, of
which counts stay; then prospects who order, click and write no more. What proves a consent stays
for years after the consent ended, and the fingerprint of who said no without end: it is what keeps
the gateway from asking again (CNIL: at least three years).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from gateway.consent.country.period import Period
from gateway.consent.datamap.holding import Keep
from gateway.domain.clock import require_aware
from gateway.domain.cutoffs import Cutoffs
from gateway.domain.score import STALE_AFTER

STRAY: Final = timedelta(days=7)
"""How long a delivery report is kept that speaks of no message of ours: a network repeats and
delays them by days at most."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Periods:
    """How long each class is kept."""

    text_days: int = 90
    delivery_months: int = 13
    prospect_months: int = 36
    """Since the person last ordered, clicked or wrote; CNIL's three years."""
    evidence_months: int = 60
    """Since a consent ended: at least five years after its last use (DE-2)."""
    letter_days: int = 30
    trace_days: int = 30
    archive_days: int = 7
    """After its end a job moves out of the way of others; it is kept as long as its class is."""

    def cutoffs(self, now: datetime) -> Cutoffs:
        """Return the instants before which something is too old."""
        require_aware("now", now)
        return Cutoffs(
            now=now,
            text=now - timedelta(days=self.text_days),
            delivery=_months(self.delivery_months).before(now),
            prospect=_months(self.prospect_months).before(now),
            evidence=_months(self.evidence_months).before(now),
            letters=now - timedelta(days=self.letter_days),
            traces=now - timedelta(days=self.trace_days),
            archive=now - timedelta(days=self.archive_days),
            scores=now - STALE_AFTER,
            strays=now - STRAY,
        )

    def words(self, keep: Keep) -> str:
        """Return how long a class is kept, for people."""
        return {
            Keep.WORK: "until it is done",
            Keep.TEXT: f"{self.text_days} days",
            Keep.DELIVERY: f"{self.delivery_months} months; then only counts",
            Keep.PROSPECT: f"{self.prospect_months} months after the last order, click or reply",
            Keep.EVIDENCE: f"{self.evidence_months} months after the consent ended",
            Keep.SUPPRESSION: "without end, as a keyed fingerprint",
            Keep.LETTERS: f"until it is told, {self.letter_days} days at most",
            Keep.SCORES: f"{STALE_AFTER.days} days",
            Keep.TRACES: f"{self.trace_days} days",
            Keep.NAMES: "without end, as a keyed fingerprint",
            Keep.LAKE: "as in the database, by the next export",
            Keep.IMPORT: "as in the database, by the next export; of a file, until the next import",
            Keep.NOTHING: "nothing of a person is in it",
            Keep.OUTSIDE: "as the operator has it",
        }[keep]


def _months(number: int) -> Period:
    return Period(months=number)
