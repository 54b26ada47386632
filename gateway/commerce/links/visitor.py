"""Who opens a link: a person, a preview that wants a card, or another machine. Pure.

Nothing here is certain. What is told to be a machine is kept with the reason and counted apart, and
it is led on like anybody else, so that a person who was misjudged still gets where they want.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from gateway.commerce.links.agents import LIBRARIES, PERSONS_APPS, PHONES, PREVIEWS, SCANNERS
from gateway.db.commerce.clicks import Sending

SOON: Final = timedelta(seconds=2)
"""Nobody has heard the phone, read the text and tapped it so soon after it was sent."""

REPORT_PATIENCE: Final = timedelta(minutes=10)
"""So long a report is taken to be still on its way; later the network seems to send none."""

MOST_TOKENS: Final = 10
"""Links that come from one address by one kind of browser within a minute, as persons open them: a
mobile network shows many of its phones under one address."""


class Kind(StrEnum):
    """Who it is."""

    PERSON = "person"
    MACHINE = "machine"
    PREVIEW = "preview"
    """Fetches the link to show a card of it; that is never a click."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """A request for a link."""

    headers: Mapping[str, str]
    """By their names in small letters."""
    tokens: int = 1
    """Different links that the same client asked for within a minute."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Visitor:
    """Who it is, and by what one can tell."""

    kind: Kind
    reason: str | None = None


PERSON: Final = Visitor(kind=Kind.PERSON)


def tell(visit: Visit) -> Visitor:
    """Tell who makes a request."""
    agent = _agent(visit.headers.get("user-agent", ""))
    if _is_preview(agent):
        return Visitor(kind=Kind.PREVIEW, reason="preview")
    reason = _machine(visit, agent)
    return PERSON if reason is None else Visitor(kind=Kind.MACHINE, reason=reason)


def _agent(said: str) -> str:
    """Return what a program calls itself, in small letters and without makers of phones."""
    agent = said.strip().lower()
    for phone in PHONES:
        agent = agent.replace(phone, "phone")
    return agent


def _is_preview(agent: str) -> bool:
    """Tell whether a preview calls itself so; an app's own browser is a person's."""
    found = any(word in agent for word in PREVIEWS)
    return found and not any(word in agent for word in PERSONS_APPS)


def _machine(visit: Visit, agent: str) -> str | None:
    if not agent:
        return "no_agent"
    if _prefetches(visit.headers):
        return "prefetch"
    if any(word in agent for word in LIBRARIES):
        return "library"
    if any(word in agent for word in SCANNERS):
        return "scanner"
    if "accept" not in visit.headers:
        return "no_accept"
    return "many_links" if visit.tokens > MOST_TOKENS else None


_PREFETCHES: Final = ("sec-purpose", "purpose", "x-purpose", "x-moz")


def _prefetches(headers: Mapping[str, str]) -> bool:
    """Tell whether a browser says that nobody looks yet (Fetch, section 2.2.5; Safari: preview)."""
    said = " ".join(headers.get(name, "") for name in _PREFETCHES).lower()
    return "prefetch" in said or "prerender" in said or "preview" in said


def too_early(at: datetime, sending: Sending | None) -> str | None:
    """Return why nobody can have opened a link at an instant; None when somebody can.

    Args:
        at: when it was opened.
        sending: of the message that it is in; None where that is not known.
    """
    if sending is None:
        return None
    if sending.sent_at is None or at < sending.sent_at + SOON:
        return "before_sending"
    if sending.delivered_at is not None:
        return "before_report" if at < sending.delivered_at else None
    waits = sending.reported and at < sending.sent_at + REPORT_PATIENCE
    return "before_report" if waits else None
