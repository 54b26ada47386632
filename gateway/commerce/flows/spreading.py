"""Gives each whom something concerns a run of their own: some hundred at a time.

A product that is back may concern thousands. What told of it wrote one run that stands for all of
them; from it the others are made here, each lot in a transaction of its own that also notes how far
it came. So nobody waits for the writer, and a restart goes on where it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from gateway.commerce.deciding.recipient import zone_of
from gateway.commerce.flows.days import at_hour, birthdays_on
from gateway.commerce.flows.flow import DAILY, Audience, Flow, Trigger
from gateway.commerce.flows.listening import SPREADS
from gateway.db.commerce.flow_runs import (
    NewRun,
    Run,
    RunState,
    begin_runs,
    move_run,
    named,
    ran_since,
    settle_run,
)
from gateway.db.persons import find_person
from gateway.db.shop.audiences import who_asked_or_viewed, who_has_birthday, who_is_at_risk
from gateway.domain.ids import PersonId, StoreName

LOT: Final = 300
"""Persons at a time: some 10 ms of the writer."""

AFTER: Final = "after"
"""In the subject of a run that spreads: the last person who got one of their own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Lot:
    """Runs for some of those whom something concerns."""

    runs: Sequence[NewRun]
    last: str
    """The pseudonym up to which they are."""
    done: bool


def spreads(run: Run) -> bool:
    """Tell whether a run stands for all whom something concerns."""
    return SPREADS in run.subject


def next_lot(connection: Connection, flow: Flow, run: Run, zone: ZoneInfo, now: datetime) -> Lot:
    """Return the runs of the next of those whom a run concerns; it changes nothing.

    Args:
        connection: for reading.
        flow: as it is now.
        run: what stands for all of them.
        zone: of the store, where nothing tells a person's.
        now: the current instant, UTC.
    """
    after = run.subject.get(AFTER, "")
    persons = _concerned(connection, flow, run, after, now)
    wanted = [person for person in persons if not _ran_lately(connection, flow, run, person)]
    subject = {key: value for key, value in run.subject.items() if key not in (SPREADS, AFTER)}
    runs = [_for(connection, flow, run, subject, person, zone) for person in wanted]
    # Where the day is over it is not: that must not stand against the next look.
    runs = [one for one in runs if now < one.began_at + flow.within]
    last = persons[-1] if persons else after
    return Lot(runs=runs, last=last, done=len(persons) < LOT)


def found_today(
    connection: Connection, store: StoreName, flow: Flow, day: date, now: datetime
) -> int:
    """Return how many persons the look of a day would find; it changes nothing."""
    found, after = 0, ""
    while True:
        some = _found(connection, store, flow, day, after, now)
        found += len(some)
        if len(some) < LOT:
            return found
        after = some[-1]


def write_lot(connection: Connection, run: Run, lot: Lot) -> None:
    """Write runs, and how far it came, together; nothing where another came as far meanwhile."""
    subject = {**run.subject, AFTER: lot.last}
    if not move_run(connection, run, subject=subject):
        return
    begin_runs(connection, lot.runs)
    if lot.done:
        settle_run(connection, run.key, RunState.SPREAD)


def _concerned(
    connection: Connection, flow: Flow, run: Run, after: str, now: datetime
) -> list[PersonId]:
    if flow.trigger in DAILY:
        day = date.fromisoformat(run.subject["day"])
        return _found(connection, run.store, flow, day, after, now)
    words = []
    if Audience.ASKED in flow.audience:
        words.append(f"product:{run.subject['product_id']}")
    if Audience.LIKES in flow.audience:
        words += run.subject["words"]
    viewed = None
    if Audience.VIEWED in flow.audience:
        viewed = run.subject["product_id"], run.began_at - flow.viewed_within
    return who_asked_or_viewed(connection, run.store, words, viewed, after=after, most=LOT)


def _found(
    connection: Connection, store: StoreName, flow: Flow, day: date, after: str, now: datetime
) -> list[PersonId]:
    if flow.trigger is Trigger.BIRTHDAY:
        return who_has_birthday(connection, store, birthdays_on(day), after=after, most=LOT)
    return who_is_at_risk(connection, store, flow.risk, now, after=after, most=LOT)


def _ran_lately(connection: Connection, flow: Flow, run: Run, person: PersonId) -> bool:
    """Tell whether a daily look found the person lately: each day would write another row."""
    if flow.trigger not in DAILY or flow.every is None:
        return False
    return ran_since(connection, run.store, flow.name, person, run.began_at - flow.every)


def _for(
    connection: Connection,
    flow: Flow,
    run: Run,
    subject: Mapping[str, object],
    person: PersonId,
    zone: ZoneInfo,
) -> NewRun:
    began_at, due_at = run.began_at, run.began_at + flow.wait
    if flow.trigger in DAILY:
        began_at = _morning(connection, flow, run, person, zone)
        due_at = began_at + flow.wait
    return NewRun(
        store=run.store,
        flow=run.flow,
        trigger=named(run.trigger, person),
        topic=run.topic,
        person=person,
        subject=subject,
        began_at=began_at,
        due_at=due_at,
    )


def _morning(
    connection: Connection, flow: Flow, run: Run, person: PersonId, zone: ZoneInfo
) -> datetime:
    """Return when the hour of the flow is on the person's day."""
    record = find_person(connection, run.store, [person])
    clock = zone if record is None else zone_of(record, zone)
    return at_hour(date.fromisoformat(run.subject["day"]), flow.hour, clock)
