"""Pausing, resuming, stopping, and letting a campaign go on after its canaries; and the gate.

A pause leaves what is queued where it is: the gate puts it off as it is about to be handed over. A
stop takes it back. What is out already is finished: nobody gets half a message.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from gateway.commerce.campaigns.spec import CANARY, campaign_of, name_of
from gateway.db.commerce.campaign_jobs import bring_back, untouched_jobs
from gateway.db.commerce.campaigns import (
    OVER,
    CampaignRecord,
    CampaignState,
    change_campaign,
    find_campaign,
    hold_campaign,
)
from gateway.db.commerce.decisions import Decision
from gateway.dispatch.ending import end_job
from gateway.dispatch.progress import DoubtPolicy
from gateway.domain.errors import RejectedError
from gateway.domain.ids import Campaign, StoreName
from gateway.domain.states import JobState
from gateway.domain.verdict import Deferred, Forbidden

STOPPED: Final = "stopped"
LATE: Final = "late"
"""Why members are skipped that a campaign did not come to."""

PAUSED: Final = "the campaign is paused"
"""Why the gate puts a message off; what is brought back is found by it."""

_LOOK: Final = timedelta(days=1)
"""How long what is paused is put off: a resumption brings it back at once, and each putting off is
told to the store."""

_CANCELLED: Final = "the campaign was stopped"
_HALFWAY: Final = "the campaign was stopped before every part was handed over"


def pause(connection: Connection, store: StoreName, name: str, now: datetime) -> CampaignState:
    """Let nothing more of a campaign be handed over; return how it stands now.

    Raises:
        RejectedError: there is none, or it is over.
    """
    record = _held(connection, store, name)
    if record.state is not CampaignState.PAUSED:
        change_campaign(connection, record.key, state=CampaignState.PAUSED, reason=None)
    return CampaignState.PAUSED


def resume(connection: Connection, store: StoreName, name: str, now: datetime) -> CampaignState:
    """Let a paused campaign go on where it was, with what was put off meanwhile at once.

    Raises:
        RejectedError: there is none, or it is not paused.
    """
    record = _held(connection, store, name)
    if record.state is not CampaignState.PAUSED:
        raise _refusal("not_paused", f"{name} is {record.state}, not paused")
    state = CampaignState.RUNNING if record.cleared_at else CampaignState.CANARY
    change_campaign(connection, record.key, state=state, reason=None)
    for campaign in _words_of(name):
        bring_back(connection, store, campaign, PAUSED, now)
    return state


def stop(connection: Connection, store: StoreName, name: str, now: datetime) -> CampaignState:
    """End a campaign for good; the engine takes back what waits of it.

    Raises:
        RejectedError: there is none, or it is over.
    """
    record = _held(connection, store, name)
    change_campaign(connection, record.key, state=CampaignState.STOPPED, reason=None)
    return CampaignState.STOPPED


def approve(connection: Connection, store: StoreName, name: str, now: datetime) -> CampaignState:
    """Let a campaign go on to all, whatever became of its canaries.

    Raises:
        RejectedError: there is none, or it waits for no canaries.
    """
    record = _held(connection, store, name)
    if record.cleared_at is not None:
        raise _refusal("no_canary", f"{name} is {record.state} and waits for no canaries")
    state = record.state if record.state is CampaignState.PAUSED else CampaignState.RUNNING
    change_campaign(connection, record.key, state=state, cleared_at=now)
    return state


Steer = Callable[[Connection, StoreName, str, datetime], CampaignState]

STEERS: Final[Mapping[str, Steer]] = {
    "pause": pause,
    "resume": resume,
    "stop": stop,
    "approve": approve,
}
"""What may be done to a campaign that was launched, by the word for it."""


def may_go(
    connection: Connection, decision: Decision, now: datetime
) -> Forbidden | Deferred | None:
    """Tell whether a message of a campaign may be handed over; a condition of the gate.

    That nothing goes after the end is the message's own ``expires_at``.
    """
    name = name_of(decision.campaign)
    record = None if name is None else find_campaign(connection, decision.store, name)
    if record is None:  # it is known no more; nobody can have stopped it
        return None
    if record.state is CampaignState.STOPPED:
        return Forbidden(error=_refusal("campaign_stopped", _CANCELLED))
    if record.state is CampaignState.PAUSED:
        return Deferred(until=now + _LOOK, reason=PAUSED)
    return None


def cancel_untouched(
    connection: Connection, record: CampaignRecord, policy: DoubtPolicy, now: datetime, most: int
) -> int:
    """Take waiting jobs of a campaign back, about ``most``; return how many."""
    jobs = [
        job
        for campaign in _words_of(record.name)
        for job in untouched_jobs(connection, record.store, campaign, most)
    ]
    for job in jobs:
        end_job(
            connection,
            job,
            JobState.CANCELLED,
            policy=policy,
            now=now,
            reason=_CANCELLED,
            halfway=_HALFWAY,
        )
    return len(jobs)


def _words_of(name: str) -> tuple[Campaign, Campaign]:
    """Return what the jobs of a campaign say that they are of, and those of its canaries."""
    campaign = campaign_of(name)
    return campaign, Campaign(f"{campaign}{CANARY}")


def _held(connection: Connection, store: StoreName, name: str) -> CampaignRecord:
    """Return a campaign that is not over, kept as it is."""
    record = find_campaign(connection, store, name)
    if record is None:
        raise _refusal("unknown_campaign", f"{store} launched no campaign {name!r}")
    record = hold_campaign(connection, record.key)
    if record.state in OVER:
        raise _refusal("campaign_over", f"{name} is {record.state} already")
    if record.state is CampaignState.LAUNCHING:
        raise _refusal("campaign_launching", f"{name} is being launched; ask again")
    return record


def _refusal(code: str, reason: str) -> RejectedError:
    return RejectedError(code, reason, field="name")
