"""Decides for some of those whom a campaign is about. One transaction's work.

Who may not be written to yet stays a member until then, and is no job: the queue holds what a line
can take soon, and what is decided is decided by what is known then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog
from sqlalchemy import Connection

from gateway.commerce.campaigns.frozen import thaw
from gateway.commerce.campaigns.spec import Spec
from gateway.commerce.deciding import Occasion, job_of
from gateway.commerce.experiments import Arm, Design
from gateway.db.commerce.campaign_members import Member, due_members, move_members, remove_members
from gateway.db.commerce.campaigns import CampaignKey, CampaignRecord, CampaignState, hold_campaign
from gateway.db.commerce.decisions import Decision, Outcome, write_decision
from gateway.db.persons import find_person
from gateway.dispatch.gate import Gate
from gateway.domain.consent import Asked
from gateway.domain.errors import ContentError, ShopbellError
from gateway.domain.ids import PersonId
from gateway.domain.verdict import Deferred

log = structlog.get_logger(__name__)

NOT_WORDED: Final = "not_worded"
"""Why somebody is skipped for whom the template has nothing to say."""

MANY: Final = 5
"""Persons without words, and nobody with any, after which it is the template that is wrong."""


class Decides(Protocol):
    """Makes decisions; see `gateway.commerce.deciding.Decider`."""

    def decide(self, connection: Connection, occasion: Occasion, now: datetime) -> Decision:
        """Decide once for an occasion.

        Raises:
            ContentError: what the shop wants to say cannot be said.
            KeyError: the store has no shop.
        """
        ...

    def due_at(self, connection: Connection, occasion: Occasion, now: datetime) -> datetime:
        """Return from when on it may go, by the arm that the person will be given."""
        ...


class WordlessError(ShopbellError):
    """A campaign has nothing to say to anybody; the text says why. Nothing was decided."""


@dataclass(kw_only=True, slots=True)
class Dealt:
    """What became of some members."""

    looked: int = 0
    """At so many."""
    sent: int = 0
    """To the queue."""
    faults: list[ContentError] = field(default_factory=list)


class Dealer:
    """Decides for members.

    Args:
        decider: makes decisions, and the jobs that follow.
        gate: says who may be written to when.
    """

    def __init__(self, decider: Decides, gate: Gate) -> None:
        self._decider = decider
        self._gate = gate

    def deal(self, connection: Connection, key: CampaignKey, now: datetime, most: int) -> Dealt:
        """Decide for those who are due, and let them be members no more.

        Args:
            connection: the transaction; it sees the campaign as it stands, and whoever pauses or
                stops it waits for its end.
            key: of the campaign.
            now: the current instant, UTC.
            most: members that are looked at.

        Raises:
            WordlessError: there is nothing to say to any of them.
        """
        record = hold_campaign(connection, key, shared=True)
        if record.state is not CampaignState.RUNNING:
            return Dealt()
        spec = thaw(record.spec)
        members = due_members(connection, key, now, most)
        waiting = self._waiting(connection, record, spec, members, now)
        move_members(connection, key, waiting)
        put_off = {member.person for member in waiting}
        persons = [one.person for one in members if one.person not in put_off]
        dealt = Dealt(looked=len(members))
        for person in persons:
            self._decide(connection, occasion_of(record, spec, person), dealt, now)
        if len(dealt.faults) >= MANY and not dealt.sent:
            raise WordlessError(str(dealt.faults[0]))
        remove_members(connection, key, persons)
        return dealt

    def _decide(
        self, connection: Connection, occasion: Occasion, dealt: Dealt, now: datetime
    ) -> None:
        try:
            made = self._decider.decide(connection, at_once(occasion), now)
        except ContentError as fault:
            dealt.faults.append(fault)
            write_decision(connection, skipped(occasion, NOT_WORDED, now))
            log.warning("not_worded", campaign=occasion.campaign, error=str(fault))
        else:
            dealt.sent += made.outcome is Outcome.SENT

    def _waiting(
        self,
        connection: Connection,
        record: CampaignRecord,
        spec: Spec,
        members: Sequence[Member],
        now: datetime,
    ) -> list[Member]:
        """Return who is to wait on, and until when: by the law, or by the time of their arm."""
        until = self._put_off(connection, record, spec, members, now)
        if has_times(spec.design):
            for member in members:
                occasion = occasion_of(record, spec, member.person)
                due = self._decider.due_at(connection, occasion, now)
                until[member.person] = max(due, until.get(member.person, due))
        return [
            Member(person=person, send_at=instant)
            for person, instant in until.items()
            if instant > now
        ]

    def _put_off(
        self,
        connection: Connection,
        record: CampaignRecord,
        spec: Spec,
        members: Iterable[Member],
        now: datetime,
    ) -> dict[PersonId, datetime]:
        asked = dict(self._asked(connection, record, spec, members))
        verdicts = self._gate.decide_all(connection, [(one, now) for one in asked.values()])
        return {
            person: verdict.until
            for person, verdict in zip(asked, verdicts, strict=True)
            if isinstance(verdict, Deferred)
        }

    def _asked(
        self, connection: Connection, record: CampaignRecord, spec: Spec, members: Iterable[Member]
    ) -> Iterator[tuple[PersonId, Asked]]:
        for member in members:
            found = find_person(connection, record.store, [member.person])
            if found is not None:
                occasion = occasion_of(record, spec, member.person)
                yield (
                    member.person,
                    Asked(
                        store=record.store,
                        recipient=found.number,
                        purpose=spec.message.purpose,
                        job=job_of(occasion),
                        scope=spec.message.scope,
                        category=spec.message.category,
                    ),
                )


def occasion_of(record: CampaignRecord, spec: Spec, person: PersonId) -> Occasion:
    """Return what calls for a decision about a member: the campaign, once for each person."""
    return Occasion(
        store=record.store,
        campaign=spec.campaign,
        trigger=person,
        person=person,
        message=spec.message,
        design=spec.design,
        send_at=max(record.starts_at, record.cleared_at or record.starts_at),
        expires_at=spec.ends_at,
    )


def at_once(occasion: Occasion) -> Occasion:
    """Return an occasion whose time has come: its arms are those that they were, with no wait."""
    design = occasion.design
    arms = tuple(replace(arm, delay=timedelta(), hour=None) for arm in design.arms)
    return replace(occasion, design=replace(design, arms=arms), send_at=None)


def has_times(design: Design) -> bool:
    """Tell whether arms go at times of their own."""
    return any(_has_time(arm) for arm in design.arms)


def _has_time(arm: Arm) -> bool:
    return bool(arm.delay) or arm.hour is not None


def skipped(occasion: Occasion, reason: str, now: datetime) -> Decision:
    """Return what is written of somebody who is in no experiment, and gets nothing."""
    return Decision(
        store=occasion.store,
        campaign=occasion.campaign,
        trigger=occasion.trigger,
        person=occasion.person,
        arm="",
        probability=1.0,
        candidates=_NOBODY,
        policy="none",
        outcome=Outcome.SKIPPED,
        reason=reason,
        decided_at=now,
    )


_NOBODY: Final[Mapping[str, float]] = {}


def skip_members(
    connection: Connection,
    record: CampaignRecord,
    members: Sequence[Member],
    reason: str,
    now: datetime,
) -> None:
    """Write that some members get nothing, and let them be members no more."""
    spec = thaw(record.spec)
    for member in members:
        write_decision(connection, skipped(occasion_of(record, spec, member.person), reason, now))
    remove_members(connection, record.key, [member.person for member in members])
