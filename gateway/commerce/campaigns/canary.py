"""Own numbers that get a campaign first: what they get, and what lets it go on to all others.

Their decisions and jobs are of ``campaign.NAME.canary``: they are in no experiment and no report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import cycle, islice
from typing import Final

import structlog
from sqlalchemy import Connection

from gateway.commerce.campaigns.dealing import Decides, at_once
from gateway.commerce.campaigns.frozen import thaw
from gateway.commerce.campaigns.spec import Approval, Spec
from gateway.commerce.deciding import Occasion
from gateway.commerce.experiments import Design
from gateway.db.commerce.campaigns import (
    CampaignKey,
    CampaignRecord,
    CampaignState,
    change_campaign,
    hold_campaign,
)
from gateway.db.commerce.decisions import Decision, Outcome, decisions_of
from gateway.db.jobs import JobRecord, find_jobs
from gateway.domain.ids import PersonId
from gateway.domain.states import JobState

log = structlog.get_logger(__name__)

MOST: Final = 400
"""Canaries of a campaign: each of `MOST_CANARIES` numbers with each arm at most."""

_LOST: Final = frozenset(
    {JobState.FAILED, JobState.UNDELIVERED, JobState.EXPIRED, JobState.CANCELLED}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sighting:
    """What became of one canary."""

    outcome: Outcome
    reason: str | None
    state: JobState | None = None
    """Of its job; None where there is none."""
    may_go_at: datetime | None = None
    """From when on its job may be handed over."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Failed:
    """A campaign that must not go on; why."""

    reason: str


def judge(
    sightings: Sequence[Sighting], spec: Spec, launched_at: datetime, now: datetime
) -> bool | Failed:
    """Tell whether a campaign may go on to all; False: it waits. Pure.

    Args:
        sightings: of all canaries.
        spec: what the campaign waits for, and how long; it has a canary.
        launched_at: when the canaries were decided for; UTC.
        now: the current instant, UTC.
    """
    canary = spec.canary
    if canary is None:
        return True
    for one in sightings:
        if one.outcome is not Outcome.SENT:
            return Failed(reason=f"a canary could not be written to: {one.reason}")
        if one.state in _LOST:
            return Failed(reason=f"a canary is {one.state}: {one.reason or 'no reason was told'}")
    there = all(one.state is JobState.DELIVERED for one in sightings)
    if there and canary.approval is Approval.DELIVERED:
        return True
    # Hours in which nobody may be written to are nobody's patience.
    since = max([launched_at, *(one.may_go_at or launched_at for one in sightings)])
    if now < since + canary.patience:
        return False
    if canary.approval is Approval.OPERATOR:
        return Failed(reason="nobody approved it in time; launch it anew under another name")
    return Failed(reason="its canaries were not all delivered in time")


def watch_canaries(connection: Connection, key: CampaignKey, now: datetime) -> None:
    """Let a campaign go on, or stop it, by what became of its canaries. One transaction's work."""
    record = hold_campaign(connection, key)
    if record.state is not CampaignState.CANARY:
        return
    spec = thaw(record.spec)
    found = judge(_sightings(connection, record, spec), spec, record.launched_at, now)
    if isinstance(found, Failed):
        log.error("canary_failed", store=record.store, campaign=record.name, reason=found.reason)
        change_campaign(connection, key, state=CampaignState.STOPPED, reason=found.reason)
    elif found:
        change_campaign(connection, key, state=CampaignState.RUNNING, cleared_at=now)


def release_canaries(
    connection: Connection,
    record: CampaignRecord,
    spec: Spec,
    persons: Sequence[PersonId],
    decider: Decides,
    now: datetime,
) -> list[Decision]:
    """Decide for own numbers, which all get an arm, and each arm goes to one at least.

    Raises:
        ContentError: there is nothing to say to them.
    """
    return [
        decider.decide(connection, occasion, now) for occasion in _occasions(record, spec, persons)
    ]


def _occasions(record: CampaignRecord, spec: Spec, persons: Sequence[PersonId]) -> list[Occasion]:
    arms = spec.design.arms
    pairs = islice(zip(cycle(persons), cycle(arms), strict=False), max(len(persons), len(arms)))
    return [
        at_once(
            Occasion(
                store=record.store,
                campaign=spec.canary_campaign,
                trigger=f"{arm.name}:{person}",
                person=person,
                message=spec.message,
                design=Design(arms=(replace(arm, where=None),), holdout=0),
                expires_at=spec.ends_at,
            )
        )
        for person, arm in pairs
    ]


def _sightings(connection: Connection, record: CampaignRecord, spec: Spec) -> list[Sighting]:
    decisions = decisions_of(connection, record.store, spec.canary_campaign, MOST)
    jobs = find_jobs(
        connection, [(record.store, one.job) for one in decisions if one.job is not None]
    )
    return [
        _sighting(one, None if one.job is None else jobs.get((record.store, one.job)))
        for one in decisions
    ]


def _sighting(decision: Decision, job: JobRecord | None) -> Sighting:
    if job is None:
        return Sighting(outcome=decision.outcome, reason=decision.reason)
    return Sighting(
        outcome=decision.outcome,
        reason=decision.reason or job.reason,
        state=job.state,
        may_go_at=job.not_before,
    )
