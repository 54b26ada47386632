"""Does the person allow it? The first rule of the gate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gateway.consent.case import Case
from gateway.domain.consent import Basis, ConsentEvent
from gateway.domain.errors import RejectedError
from gateway.domain.purpose import Purpose
from gateway.domain.verdict import Forbidden


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentRules:
    """What a country asks of a consent."""

    confirmed: bool = False
    """Whether the person must have answered a message (double opt-in, DE-1)."""
    soft_opt_in: bool = False
    """Whether a customer may be written to about similar products without consent (E-1)."""


class Permission:
    """Asks the ledger.

    Args:
        rules_of: what the law of the recipient's country asks.
    """

    def __init__(self, rules_of: Callable[[Case], ConsentRules]) -> None:
        self._rules_of = rules_of

    def __call__(self, case: Case) -> Forbidden | None:
        """Refuse what the person does not allow."""
        standing = case.standing
        if standing.restricted:
            return _forbid(case, "restricted", "this person's data may be kept and not used")
        if standing.deactivated and case.asked.purpose is not Purpose.OTP:
            # Who asks for a code has the number again, whatever the network said once.
            return _forbid(case, "deactivated", "the network says that nobody has this number")
        if not case.asked.is_service:
            return self._marketing(case)
        if standing.ended_service:
            return _forbid(case, "no_consent", "this person ended all messages (STOP ALL)")
        return None

    def _marketing(self, case: Case) -> Forbidden | None:
        purpose = case.asked.ledger_purpose
        grant = case.standing.grant(purpose, case.now)
        if grant is None:
            taken_back = case.standing.withdrew(purpose)
            return _forbid(case, "no_consent", _TAKEN_BACK if taken_back else _NONE)
        lack = _lack(case, grant, self._rules_of(case))
        return None if lack is None else _forbid(case, "no_consent", lack)


_TAKEN_BACK = "this person took the consent back"
_NONE = "marketing needs this person's consent on record, and there is none"


def _lack(case: Case, grant: ConsentEvent, rules: ConsentRules) -> str | None:
    """Return what a grant lacks under the law of a country; None when it will do."""
    if grant.basis is Basis.SOFT_OPT_IN:
        return _soft_lack(case.asked.category, grant, rules)
    if rules.confirmed and not grant.confirmed:
        return "in this person's country a consent needs a double opt-in, and this one has none"
    return None


def _soft_lack(category: str | None, grant: ConsentEvent, rules: ConsentRules) -> str | None:
    if not rules.soft_opt_in:
        return "in this person's country being a customer is no consent"
    evidence = grant.evidence
    if not evidence.get("order") or not evidence.get("notice"):
        return "being a customer is a consent with a paid order and the notice shown only"
    similar = evidence.get("categories")
    if category is None or not isinstance(similar, list) or category not in similar:
        return "being a customer is a consent to similar products only; name the job's category"
    return None


def _forbid(case: Case, code: str, reason: str) -> Forbidden:
    error = RejectedError(code, reason, field="purpose", job=case.asked.job)
    return Forbidden(error=error)
