"""When each person's message of a campaign may go, as it is launched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from gateway.commerce.campaigns.hours import best_slot, curve, slots_of
from gateway.commerce.campaigns.planned import NoPlanError, Wishes, plan
from gateway.commerce.campaigns.preparing import Prepared
from gateway.commerce.campaigns.spec import Spec, Timing
from gateway.commerce.deciding.recipient import zone_of
from gateway.db.commerce.campaign_members import Member
from gateway.db.persons import PersonRecord, find_person
from gateway.db.scores import read_scores
from gateway.dispatch.forecast.crowd import Hours
from gateway.dispatch.forecast.people import HoursOf
from gateway.domain.consent import Asked
from gateway.domain.ids import JobId, PersonId
from gateway.domain.score import Score

_JOB: Final = JobId("schedule")


@dataclass(frozen=True, kw_only=True, slots=True)
class Scheduler:
    """Says when messages go.

    Attributes:
        hours_of: says when a person may be written to.
        per_hour: messages that the lines can send in an hour.
    """

    hours_of: HoursOf
    per_hour: float

    def begin(self, prepared: Prepared, starts_at: datetime) -> Schedule:
        """Return the schedule of a campaign that begins at an instant."""
        slots = slots_of(starts_at, prepared.spec.ends_at)
        return Schedule(
            scheduler=self, prepared=prepared, starts_at=starts_at, wishes=Wishes(slots=slots)
        )


@dataclass(kw_only=True, slots=True)
class Schedule:
    """Of one campaign; persons come in lots."""

    scheduler: Scheduler
    prepared: Prepared
    starts_at: datetime
    wishes: Wishes
    remarks: list[str] = field(default_factory=list)
    _members: list[Member] = field(default_factory=list)
    """Who is to be planned for, with their own best hour."""

    def times(
        self, connection: Connection, persons: Sequence[PersonId], now: datetime
    ) -> list[Member]:
        """Return from when on the messages of some persons may go, as far as it is known yet."""
        spec = self.prepared.spec
        if spec.timing is Timing.NOW or not self.wishes.slots:
            return [Member(person=person, send_at=self.starts_at) for person in persons]
        scores = read_scores(connection, self.prepared.store, persons, now)
        return [self._member(connection, person, scores.get(person)) for person in persons]

    def settle(self) -> Sequence[Member]:
        """Return who goes at another time than `times` said, now that all are known."""
        if self.prepared.spec.timing is not Timing.PLANNED or not self._members:
            return ()
        try:
            slots = plan(self.wishes, self.scheduler.per_hour)
        except NoPlanError as error:
            self.remarks.append(f"each person has their own best hour instead of a plan: {error}")
            return ()
        return [
            Member(person=member.person, send_at=slot)
            for member, slot in zip(self._members, slots, strict=True)
        ]

    def _member(self, connection: Connection, person: PersonId, score: Score | None) -> Member:
        prepared, slots = self.prepared, self.wishes.slots
        record = find_person(connection, prepared.store, [person])
        if record is None:
            return Member(person=person, send_at=self.starts_at)
        zone, opens = zone_of(record, prepared.zone), self._hours(connection, record)
        member = Member(person=person, send_at=best_slot(score, slots, zone, opens))
        if prepared.spec.timing is Timing.PLANNED:
            self._members.append(member)
            self.wishes.add(curve(score, slots, zone), opens)
        return member

    def _hours(self, connection: Connection, record: PersonRecord) -> Hours | None:
        return self.scheduler.hours_of(
            connection, _asked(record, self.prepared.spec), self.starts_at
        )


def _asked(record: PersonRecord, spec: Spec) -> Asked:
    return Asked(
        store=record.store,
        recipient=record.number,
        purpose=spec.message.purpose,
        job=_JOB,
        scope=spec.message.scope,
        category=spec.message.category,
    )
