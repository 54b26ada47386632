"""A job as a store asks for it, and a status as a store is told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from gateway.domain.clock import require_aware
from gateway.domain.consent import Scope
from gateway.domain.ids import Campaign, JobId, ModemName, StoreName
from gateway.domain.purpose import Purpose
from gateway.domain.states import JobState

NEVER: Final = datetime(9999, 12, 31, tzinfo=UTC)
"""The deadline of a job that has none; sorts after every other."""

MAX_PARTS: Final = 10
"""A job's text may take at most so many parts (CONTRACT.md section 4)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class JobRequest:
    """What a store asks for, well formed but not yet admitted."""

    store: StoreName
    id: JobId
    to: str
    """As written by the store: E.164, or a national number of the store's country."""
    text: str
    """Empty for what comes as a template, until it is taken."""
    purpose: Purpose
    send_at: datetime | None = None
    """Not before this instant; UTC."""
    expires_at: datetime = NEVER
    """Nothing is handed to a modem at or after this instant; UTC."""
    report: bool = True
    """Whether the network is asked for a delivery report."""
    scope: Scope | None = None
    """What it is about, within its purpose; None for the purpose's default."""
    category: str | None = None
    """Of the products that it is about, for a soft opt-in (COMPLIANCE.md E-1)."""
    campaign: Campaign | None = None
    """Campaigns of a store get equal shares of its lines; None for what belongs to none."""
    own: bool = False
    """Whether it is of our own accord, a flow's or a campaign's: its store is told what becomes of
    it, but not of a refusal, for it asked for nothing."""
    template: str | None = None
    """The name of the template that words it; None: it came with its text."""
    vars: Mapping[str, object] = field(default_factory=dict)
    """What stands in the places of the template, as JSON has it."""

    def __post_init__(self) -> None:
        require_aware("expires_at", self.expires_at)
        if self.send_at is not None:
            require_aware("send_at", self.send_at)


@dataclass(frozen=True, kw_only=True, slots=True)
class PartCounts:
    """How far a job's parts have come."""

    total: int
    sent: int = 0
    """Parts with their +CMGS, the delivered among them."""
    delivered: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Status:
    """One statement about a job to its store."""

    id: JobId
    state: JobState
    seq: int
    """Rises by one with each status of a job, from 1."""
    at: datetime
    parts: PartCounts
    modem: ModemName | None = None
    reason: str | None = None
    """Words for people, with the network's or the modem's code where there is one."""
    not_before: datetime | None = None
    """With ``deferred``: until when it waits."""

    def to_json(self) -> str:
        """Return the payload of ``shopbell/v1/{store}/status``."""
        # Put together by hand: a message has three, and an encoder takes four times as long.
        until = self.not_before and f',"not_before":"{format_instant(self.not_before)}"'
        return (
            f'{{"id":{_quoted(self.id)},"state":"{self.state}","seq":{self.seq},'
            f'"at":"{format_instant(self.at)}","parts":{{"total":{self.parts.total},'
            f'"sent":{self.parts.sent},"delivered":{self.parts.delivered}}},'
            f'"modem":{_quoted(self.modem)},"reason":{_quoted(self.reason)}{until or ""}}}'
        )


_encode = json.JSONEncoder(ensure_ascii=False).encode


def _quoted(text: str | None) -> str:
    return "null" if text is None else _encode(text)


def format_instant(instant: datetime) -> str:
    """Return an instant in RFC 3339, UTC, to the millisecond."""
    return f"{require_aware('instant', instant).isoformat(timespec='milliseconds')[:-_OFFSET]}Z"


_OFFSET: Final = len("+00:00")
