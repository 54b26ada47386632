"""How far a campaign has come, counted from what was decided and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from gateway.commerce.campaigns.spec import campaign_of
from gateway.db.commerce.campaign_figures import count_jobs_of, count_opt_outs, count_outcomes
from gateway.db.commerce.campaign_members import count_members, first_due
from gateway.db.commerce.campaigns import CampaignRecord, CampaignState
from gateway.db.commerce.decisions import Outcome
from gateway.domain.states import JobState

_OUT = (JobState.SENT, JobState.DELIVERED, JobState.UNDELIVERED, JobState.UNCONFIRMED)
_WAITS = (JobState.ACCEPTED, JobState.DEFERRED)
_FAILED = (JobState.FAILED, JobState.UNDELIVERED, JobState.EXPIRED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """Figures of a campaign; its canaries are in none of them."""

    name: str
    state: CampaignState
    reason: str | None
    persons: int
    left: int
    """For whom nothing is decided yet."""
    waiting: int
    """Messages in the queue."""
    sent: int
    """Messages that a network took, whatever became of them then."""
    delivered: int
    failed: int
    cancelled: int
    held: int
    skipped: Mapping[str, int]
    """Who got nothing, by reason."""
    opted_out: int
    """Who was written to and said no to marketing since."""
    starts_at: datetime
    ends_at: datetime | None
    finished_at: datetime | None
    next_at: datetime | None
    """When the first of those who are left is due."""
    at: datetime

    @property
    def to_go(self) -> int:
        """Persons for whom something is still to be done."""
        return self.left + self.waiting

    def rate_since(self, before: Progress | None) -> float | None:
        """Return messages a second since an earlier look; None where nothing can be told.

        Without one, since the campaign began.
        """
        since = self.starts_at if before is None else before.at
        seconds = (self.at - since).total_seconds()
        sent = self.sent - (0 if before is None else before.sent)
        return sent / seconds if seconds > 0 and sent > 0 else None

    def finish_at(self, rate: float | None) -> datetime | None:
        """Return when the last would be out at a rate; None where nothing can be told."""
        if rate is None or not self.to_go or self.state is not CampaignState.RUNNING:
            return None
        return self.at + timedelta(seconds=self.to_go / rate)


def progress_of(connection: Connection, record: CampaignRecord, now: datetime) -> Progress:
    """Return how far a campaign has come.

    Args:
        connection: for reading.
        record: the campaign.
        now: the current instant, UTC.
    """
    store, campaign = record.store, campaign_of(record.name)
    outcomes = count_outcomes(connection, store, campaign)
    jobs = count_jobs_of(connection, store, campaign)

    def count(*states: JobState) -> int:
        return sum(jobs.get(state, 0) for state in states)

    return Progress(
        name=record.name,
        state=record.state,
        reason=record.reason,
        persons=record.persons,
        left=count_members(connection, record.key),
        waiting=count(*_WAITS),
        sent=count(*_OUT),
        delivered=count(JobState.DELIVERED),
        failed=count(*_FAILED),
        cancelled=count(JobState.CANCELLED),
        held=sum(n for (outcome, _), n in outcomes.items() if outcome == Outcome.HELD),
        skipped={
            reason or "": n
            for (outcome, reason), n in outcomes.items()
            if outcome == Outcome.SKIPPED
        },
        opted_out=count_opt_outs(connection, store, campaign, record.launched_at),
        starts_at=max(record.starts_at, record.cleared_at or record.starts_at),
        ends_at=record.ends_at,
        finished_at=record.finished_at,
        next_at=first_due(connection, record.key),
        at=now,
    )
