"""What comes in through any door, before it is admitted."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.domain.consent import Change
from gateway.domain.errors import RejectedError
from gateway.domain.event import StoreEvent
from gateway.domain.ids import JobId, StoreName
from gateway.domain.job import JobRequest


@dataclass(frozen=True, kw_only=True, slots=True)
class CancelRequest:
    """A store takes a job back."""

    store: StoreName
    id: JobId


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeRequest:
    """A store, or an operator for it, tells what persons allow."""

    store: StoreName
    id: JobId
    """What the store calls its telling."""
    changes: tuple[Change, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """Input that could not become a request; its store is told why."""

    store: StoreName
    error: RejectedError
    told: bool = True
    """Whether its store is told."""


Entry = JobRequest | CancelRequest | ChangeRequest | StoreEvent | Refusal
