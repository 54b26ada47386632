"""Is it the hour, and is it too much? The last rules of the gate; they put off and never end.

Service messages have neither hours nor caps, and a message of which a part is out is finished.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from gateway.consent.case import Case
from gateway.consent.law import Law
from gateway.consent.windows import Openings, hours_of
from gateway.db.contact import marketing_times, waits_for_cart, wrote_of_cart
from gateway.db.jobs import find_job
from gateway.domain.caps import Cap, free_at, longest
from gateway.domain.consent import Scope
from gateway.domain.errors import RejectedError
from gateway.domain.verdict import Deferred, Forbidden

CART_LIFE: Final = timedelta(hours=48)
"""Within it a message about a cart goes out, and no second one (US-9)."""


def _is_exempt(case: Case) -> bool:
    return case.asked.is_service or case.asked.begun


class Window:
    """Puts marketing off to the hours of the person's own clock."""

    def __init__(self, law: Law) -> None:
        self._law = law

    def __call__(self, case: Case) -> Deferred | Forbidden | None:
        """Put off what comes outside of the hours."""
        if _is_exempt(case):
            return None
        opening = self.opening(case, case.now)
        if opening is None:
            reason = "there is no hour at which this person may be written to"
            return Forbidden(error=RejectedError("no_window", reason, job=case.asked.job))
        if opening <= case.now:
            return None
        return Deferred(until=opening, reason="waits for the hours of the recipient's country")

    def opening(self, case: Case, at: datetime) -> datetime | None:
        """Return the first instant from ``at`` on that is inside of the hours."""
        return self.openings(case).opening(at)

    def openings(self, case: Case) -> Openings:
        """Return the hours of the person."""
        where = self._law.where(case)
        return Openings(hours=hours_of(self._law.policies.of(where.country), where))


class Frequency:
    """Puts marketing off when the person got enough of it from the store."""

    def __init__(self, law: Law, window: Window) -> None:
        self._law = law
        self._window = window

    def __call__(self, case: Case) -> Deferred | None:
        """Put off what is one too many, to the hours after that."""
        if _is_exempt(case):
            return None
        caps = self._law.caps(case)
        free = free_at(caps, self._times(case, caps), case.now)
        if free <= case.now:
            return None
        until = self._window.opening(case, free) or free
        return Deferred(until=until, reason="the recipient got as many as the cap allows")

    def _times(self, case: Case, caps: tuple[Cap, ...]) -> list[datetime]:
        asked, since = case.asked, case.now - longest(caps)
        return marketing_times(case.connection, asked.store, asked.recipient, asked.job, since)


class OneOfCart:
    """Lets one message about a cart out, and soon (US-9)."""

    def __call__(self, case: Case) -> Forbidden | None:
        """Refuse a second one, and one that comes too late."""
        asked = case.asked
        if asked.scope is not Scope.CART or _is_exempt(case):
            return None
        if self._is_second(case):
            reason = "a message about this person's cart goes out already; one in 48 hours"
            return _forbid(case, "cart_once", reason)
        job = find_job(case.connection, asked.store, asked.job)
        if job is not None and job.accepted_at < case.now - CART_LIFE:
            return _forbid(case, "cart_late", "the cart was left more than 48 hours ago")
        return None

    def _is_second(self, case: Case) -> bool:
        asked, since = case.asked, case.now - CART_LIFE
        given = (case.connection, asked.store, asked.recipient, asked.job, since)
        return wrote_of_cart(*given) or (asked.line is None and waits_for_cart(*given))


def _forbid(case: Case, code: str, reason: str) -> Forbidden:
    return Forbidden(error=RejectedError(code, reason, field="scope", job=case.asked.job))
