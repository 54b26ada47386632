"""Statements by which jobs are looked at and given to lines: by shelf, never over all that waits.

What is looked at is locked until the transaction ends, where other gateways are at work on the same
database: each passes over what another one is about to take.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    func,
    literal_column,
    not_,
    or_,
    select,
    tuple_,
    update,
)

from gateway.db.jobs import JobRecord, record_of
from gateway.db.parts import PartRecord
from gateway.db.prepared import Prepared
from gateway.db.tables import JOBS, PARTS
from gateway.domain.consent import UNASKED_SCOPES
from gateway.domain.ids import JobKey, LineId, ModemName
from gateway.domain.lane import Shelf
from gateway.domain.purpose import Purpose
from gateway.domain.states import PartState, Stage
from gateway.domain.terms import Bar

WINDOW: Final = 1000
"""Jobs of a shelf that are looked at, at most, for one to a recipient whom a line may serve: where
the lane does not say it of all. It takes some 2 ms, and the next look begins where it ended."""

Place = tuple[datetime, JobKey]
"""Where on a shelf: behind the job of this deadline and key."""

_LAST_KEY: Final = JobKey(2**63 - 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """A ready job and its parts, in order."""

    row: Any
    """The job's columns; it is made a record of when it is claimed, and most are not."""
    parts: list[PartRecord]

    @property
    def key(self) -> JobKey:
        """The job's."""
        return JobKey(self.row.key)

    @property
    def expires_at(self) -> datetime:
        """The job's deadline."""
        deadline: datetime = self.row.expires_at
        return deadline


@dataclass(frozen=True, kw_only=True, slots=True)
class Claimed:
    """A job that was chosen, and for whom."""

    waiting: Waiting
    node: str
    line: LineId
    modem: ModemName


@dataclass(frozen=True, kw_only=True, slots=True)
class Filter:
    """What a line may send, of a lane that does not say it of all its jobs."""

    routes: tuple[str, ...]
    """Prefixes of recipients; empty for all."""
    bars: tuple[Bar, ...]


def look(
    connection: Connection,
    shelf: Shelf,
    *,
    now: datetime,
    limit: int,
    skip: int = 0,
    only: Filter | None = None,
    behind: Place | None = None,
) -> list[Waiting]:
    """Return jobs of a shelf, the nearest deadline first and then the oldest.

    Args:
        connection: the transaction in which they are claimed, or left.
        shelf: where they are.
        now: nothing that expires at or before it is returned.
        limit: jobs at most.
        skip: how many to pass over.
        only: of the next `WINDOW` only what a line may send.
        behind: with ``only``, where these begin; None for the beginning.
    """
    held = shelf.held_for is not None
    statement = _look(held) if only is None else _look_for(held, only)
    values = _of_shelf(shelf, now) | {"limit": limit, "skip": skip}
    if only is not None:
        values |= _behind(behind, now)
    return _gathered(statement.all(connection, values))


def next_place(
    connection: Connection, shelf: Shelf, *, now: datetime, behind: Place | None
) -> Place | None:
    """Return where the next `WINDOW` of a shelf begins; None when it has no more."""
    values = _of_shelf(shelf, now) | _behind(behind, now) | {"last": WINDOW - 1}
    row = _last_of(shelf.held_for is not None).first(connection, values)
    return None if row is None else (row.expires_at, JobKey(row.key))


def _of_shelf(shelf: Shelf, now: datetime) -> dict[str, Any]:
    here = {} if shelf.held_for is None else {"holder": shelf.held_for}
    return {"lane": shelf.lane, "now": now, **here}


def _behind(place: Place | None, now: datetime) -> dict[str, Any]:
    alive = (now, _LAST_KEY)
    deadline, key = alive if place is None else max(place, alive)
    return {"deadline": deadline, "after": key, "window": WINDOW}


def claim(connection: Connection, claims: Iterable[Claimed]) -> None:
    """Give jobs that were looked at in this transaction to lines."""
    rows = [
        {"which": one.waiting.key, "node": one.node, "holder": one.line, "name": one.modem}
        for one in claims
    ]
    _CLAIM.many(connection, rows)


def as_claimed(claim: Claimed) -> JobRecord:
    """Return a job as it is once it was claimed."""
    return record_of(
        claim.waiting.row._replace(
            stage=Stage.CLAIMED, node=claim.node, line=claim.line, modem=claim.modem
        )
    )


_CLAIM = Prepared(
    update(JOBS)
    .where(JOBS.c.key == bindparam("which"))
    .values(
        stage=literal_column(f"'{Stage.CLAIMED.value}'"),
        node=bindparam("node"),
        line=bindparam("holder"),
        modem=bindparam("name"),
    )
)

_UNASKED: Final = sorted(scope.value for scope in UNASKED_SCOPES)
_READY: Final[ColumnElement[bool]] = literal_column(f"jobs.stage = '{Stage.READY.value}'")
_PART_COLUMNS: Final = ("key", "number", "state", "reference", "handed_at", "line")


@cache
def _look(held: bool) -> Prepared:
    alive = JOBS.c.expires_at > bindparam("now")
    picked = _first(select(JOBS.c.key).where(*_here(held), alive))
    return Prepared(_whole(picked))


@cache
def _look_for(held: bool, only: Filter) -> Prepared:
    window = _onward(held).limit(bindparam("window"))
    seen = window.cte("seen")
    some = select(JOBS.c.key).where(
        _READY,
        JOBS.c.key.in_(select(seen.c.key)),
        *_served(only.routes),
        *(not_(_barred(bar)) for bar in only.bars),
    )
    return Prepared(_whole(_first(some)))


@cache
def _last_of(held: bool) -> Prepared:
    return Prepared(_onward(held, JOBS.c.expires_at).limit(1).offset(bindparam("last")))


def _onward(held: bool, *columns: ColumnElement[Any]) -> Select[Any]:
    """Return what is on a shelf behind a place, in order."""
    behind = tuple_(JOBS.c.expires_at, JOBS.c.key) > tuple_(
        bindparam("deadline", type_=JOBS.c.expires_at.type),
        bindparam("after", type_=JOBS.c.key.type),
    )
    some = select(JOBS.c.key, *columns).where(*_here(held), behind)
    return some.order_by(JOBS.c.expires_at, JOBS.c.key)


def _here(held: bool) -> tuple[ColumnElement[bool], ...]:
    held_for = JOBS.c.held_for
    here = held_for == bindparam("holder") if held else held_for.is_(None)
    return _READY, JOBS.c.lane == bindparam("lane"), here


def _first(some: Select[Any]) -> Select[Any]:
    return (
        some.order_by(JOBS.c.expires_at, JOBS.c.key)
        .limit(bindparam("limit"))
        .offset(bindparam("skip"))
        .with_for_update(key_share=True, skip_locked=True)
    )


def _whole(some: Select[Any]) -> Select[Any]:
    picked = some.cte("picked")
    parts = (PARTS.c[name].label(f"part_{name}") for name in _PART_COLUMNS)
    return (
        select(JOBS, *parts)
        .select_from(picked)
        .join(JOBS, JOBS.c.key == picked.c.key)
        .join(PARTS, PARTS.c.job_key == JOBS.c.key)
    )


def _gathered(rows: Sequence[Any]) -> list[Waiting]:
    """Return rows as jobs with their parts; a join may give its rows in any order."""
    found: list[Waiting] = []
    for row in sorted(rows, key=lambda row: (row.expires_at, row.key, row.part_number)):
        if not found or found[-1].row.key != row.key:
            found.append(Waiting(row=row, parts=[]))
        found[-1].parts.append(
            PartRecord(
                key=row.part_key,
                job_key=row.key,
                number=row.part_number,
                state=PartState(row.part_state),
                reference=row.part_reference,
                handed_at=row.part_handed_at,
                line=row.part_line,
            )
        )
    return found


def _served(routes: Sequence[str]) -> list[ColumnElement[bool]]:
    if not routes:
        return []
    return [or_(*(JOBS.c.recipient.startswith(route, autoescape=True) for route in routes))]


def _barred(bar: Bar) -> ColumnElement[bool]:
    """The urgency stands for the purpose. Our answers go all the same, and so do alarms."""
    marketing = JOBS.c.urgency == Purpose.MARKETING.urgency
    if bar.marketing:
        about = marketing
    else:
        scope = func.coalesce(JOBS.c.scope, "")
        about = and_(not_(marketing), *(scope != unasked for unasked in _UNASKED))
    if bar.to.start is None:
        return about
    begins = JOBS.c.recipient.startswith(bar.to.start, autoescape=True)
    return and_(about, not_(begins) if bar.to.others else begins)
