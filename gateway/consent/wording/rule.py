"""Is the text fit to be sent? A rule of the gate, asked once, at admission.

A store that only wants to be warned has its job taken, and the finding told in the log and counted,
without a word of the text. One that asks for more has jobs refused whose text may not go out.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import structlog

from gateway.consent.case import Case
from gateway.consent.country import Policies
from gateway.consent.wording.demands import asks_of
from gateway.consent.wording.draft import Asks, Draft
from gateway.consent.wording.finding import Finding, Severity
from gateway.consent.wording.lint import judge
from gateway.consent.wording.optout import mention_for
from gateway.domain.errors import RejectedError
from gateway.domain.ids import StoreName
from gateway.domain.place import place_of
from gateway.domain.purpose import Purpose
from gateway.domain.verdict import Forbidden

log = structlog.get_logger(__name__)

REMEMBERED: Final = 256
"""Texts whose findings are kept, by a digest."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StoreWording:
    """What must be known of a store to judge its texts, and to write in its name."""

    brand: str
    country: str
    mention: str | None = None
    """How it offers an opt-out, where it has words of its own."""
    help_contact: str | None = None
    """Where persons get help; without one nobody is answered on HELP."""
    required: bool = False
    """Whether a text that may not go out is refused, not only told."""


@dataclass(kw_only=True)
class Wording:
    """The rule.

    Attributes:
        stores: what is configured of each store; may be replaced while running.
        counts: how many jobs had each finding, by store and by the finding's id; since the start.
    """

    policies: Policies
    stores: Mapping[StoreName, StoreWording]
    counts: Counter[tuple[StoreName, str]] = field(default_factory=Counter)
    _known: dict[tuple[bytes, Purpose, StoreWording, Asks], tuple[Finding, ...]] = field(
        default_factory=dict, init=False, repr=False
    )

    def make_ready(self) -> None:
        """Do once what the first job would otherwise wait for.

        A code is in no language, so that it is searched for the words of all.
        """
        draft = Draft(text="0", purpose=Purpose.OTP, brand="")
        judge(draft, mention_for(draft, None))

    def __call__(self, case: Case) -> Forbidden | None:
        """Refuse a text that may not go out, or tell what is wrong with it."""
        asked = case.asked
        store = self.stores.get(asked.store)
        if asked.line is not None or not asked.text or store is None:
            return None
        asks = asks_of(self.policies.of(place_of(asked.recipient).country))
        findings = self._judged(asked.text, asked.purpose, store, asks)
        if not findings:
            return None
        self.counts.update((asked.store, finding.id) for finding in findings)
        refused = store.required and findings[0].severity is Severity.ERROR
        log.info(
            "wording",
            store=asked.store,
            job=asked.job,
            findings=[finding.id for finding in findings],
            refused=refused,
        )
        return _refuse(case, findings[0]) if refused else None

    def _judged(
        self, text: str, purpose: Purpose, store: StoreWording, asks: Asks
    ) -> tuple[Finding, ...]:
        """Judge a text; that of a campaign is the same for thousands. No text is kept (G-7)."""
        key = (hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest(), purpose, store, asks)
        if key not in self._known:
            if len(self._known) >= REMEMBERED:
                del self._known[next(iter(self._known))]
            self._known[key] = _find(text, purpose, store, asks)
        return self._known[key]


def _find(text: str, purpose: Purpose, store: StoreWording, asks: Asks) -> tuple[Finding, ...]:
    draft = Draft(text=text, purpose=purpose, brand=store.brand, asks=asks)
    findings = judge(draft, mention_for(draft, store.country, store.mention)).findings
    return tuple(finding for finding in findings if finding.severity is not Severity.ADVICE)


def _refuse(case: Case, finding: Finding) -> Forbidden:
    error = RejectedError(
        "wording", f"{finding.what}; {finding.remedy}", field="text", job=case.asked.job
    )
    return Forbidden(error=error)
