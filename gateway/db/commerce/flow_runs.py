"""Runs of flows: what set one off, for whom, when it is due, and what became of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, Final, NewType

from sqlalchemy import ColumnElement, Connection, bindparam, func, literal_column, select, update
from sqlalchemy.dialects import postgresql, sqlite

from gateway.db.columns import MOST_NAME
from gateway.db.prepared import Prepared
from gateway.db.tables import FLOW_RUNS
from gateway.domain.ids import PersonId, StoreName

RunKey = NewType("RunKey", int)
"""The database's number of a run."""

_DIGEST: Final = 24
"""Hexadecimal digits that stand for what a name has too much."""


class RunState(StrEnum):
    """What became of a run."""

    WAITING = "waiting"
    DECIDED = "decided"
    DROPPED = "dropped"
    SPREAD = "spread"
    """Each whom it concerned has a run of their own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NewRun:
    """A flow that something sets off."""

    store: StoreName
    flow: str
    trigger: str
    """What set it off: the same again is the same run."""
    topic: str
    """What it is about."""
    began_at: datetime
    due_at: datetime
    subject: Mapping[str, Any] = field(default_factory=dict)
    person: PersonId | None = None
    customer: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Run(NewRun):
    """A run as it stands."""

    key: RunKey
    state: RunState
    reason: str | None = None


def named(kind: str, *names: str) -> str:
    """Return what names a trigger or a topic, such as ``shipment:77:delivered``.

    A store's own ids may be as long as the column; what is too long ends with its digest.
    """
    whole = ":".join((kind, *names))
    if len(whole) <= MOST_NAME:
        return whole
    digest = hashlib.sha256(whole.encode()).hexdigest()[:_DIGEST]
    return f"{whole[: MOST_NAME - _DIGEST - 1]}~{digest}"


_ALL = select(FLOW_RUNS)
_WAITS: Final[ColumnElement[bool]] = literal_column(
    "flow_runs.state = 'waiting'"
)  # as the index has it
_OF_STORE = FLOW_RUNS.c.store == bindparam("store")
_NAMED = Prepared(
    _ALL.where(
        _OF_STORE,
        FLOW_RUNS.c.flow == bindparam("flow"),
        FLOW_RUNS.c.trigger == bindparam("trigger"),
    )
)
_OF_TOPIC = Prepared(
    _ALL.where(
        _OF_STORE,
        FLOW_RUNS.c.flow == bindparam("flow"),
        FLOW_RUNS.c.topic == bindparam("topic"),
        _WAITS,
    ).order_by(FLOW_RUNS.c.key.desc())
)
_DECIDED = Prepared(
    _ALL.where(
        _OF_STORE,
        FLOW_RUNS.c.topic == bindparam("topic"),
        FLOW_RUNS.c.flow == bindparam("flow"),
        FLOW_RUNS.c.state == RunState.DECIDED.value,
        FLOW_RUNS.c.began_at > bindparam("since"),
    )
)
_DUE_ONES = (
    _ALL.where(_WAITS, FLOW_RUNS.c.due_at <= bindparam("now"))
    .order_by(FLOW_RUNS.c.due_at)
    .limit(bindparam("most"))
)
_DUE = Prepared(_DUE_ONES)
_CLAIM = Prepared(_DUE_ONES.with_for_update(skip_locked=True))
_HOLD = Prepared(_ALL.where(FLOW_RUNS.c.key == bindparam("which"), _WAITS).with_for_update())
_SETTLE = Prepared(
    update(FLOW_RUNS)
    .where(FLOW_RUNS.c.key == bindparam("which"), _WAITS)
    .values(state=bindparam("to"), reason=bindparam("why"))
)
_MOVE = Prepared(
    update(FLOW_RUNS)
    .where(FLOW_RUNS.c.key == bindparam("which"), _WAITS)
    .values(
        began_at=bindparam("begins"),
        due_at=bindparam("at"),
        subject=bindparam("about"),
        person=func.coalesce(bindparam("who", type_=FLOW_RUNS.c.person.type), FLOW_RUNS.c.person),
        customer=func.coalesce(
            bindparam("called", type_=FLOW_RUNS.c.customer.type), FLOW_RUNS.c.customer
        ),
    )
)
_DROP = Prepared(
    update(FLOW_RUNS)
    .where(
        FLOW_RUNS.c.store == bindparam("of"),
        FLOW_RUNS.c.topic == bindparam("about"),
        FLOW_RUNS.c.began_at <= bindparam("until"),
        _WAITS,
    )
    .values(state=RunState.DROPPED.value, reason=bindparam("why"))
)


_RAN = Prepared(
    select(FLOW_RUNS.c.key)
    .where(
        _OF_STORE,
        FLOW_RUNS.c.person == bindparam("person"),
        FLOW_RUNS.c.flow == bindparam("flow"),
        FLOW_RUNS.c.began_at > bindparam("since"),
    )
    .limit(1)
)


def begin_runs(connection: Connection, runs: Sequence[NewRun]) -> None:
    """Write runs; what a trigger set off before stays as it is."""
    _begin(connection.dialect.name).many(connection, [_row(run) for run in runs])


@cache
def _begin(dialect: str) -> Prepared:
    kind: Any = sqlite if dialect == "sqlite" else postgresql
    names = ["store", "flow", "trigger"]
    return Prepared(kind.insert(FLOW_RUNS).on_conflict_do_nothing(index_elements=names))


def _row(run: NewRun) -> dict[str, object]:
    return {
        "store": run.store,
        "flow": run.flow,
        "trigger": run.trigger,
        "topic": run.topic,
        "person": run.person,
        "customer": run.customer,
        "subject": json.dumps(dict(run.subject)),
        "began_at": run.began_at,
        "due_at": run.due_at,
        "state": RunState.WAITING.value,
    }


def find_run(connection: Connection, store: StoreName, flow: str, trigger: str) -> Run | None:
    """Return the run that a trigger set off, if it did."""
    row = _NAMED.first(connection, {"store": store, "flow": flow, "trigger": trigger})
    return None if row is None else _run(row)


def waiting_about(connection: Connection, store: StoreName, flow: str, topic: str) -> Run | None:
    """Return the newest run of a flow about something that waits, if one does."""
    row = _OF_TOPIC.first(connection, {"store": store, "flow": flow, "topic": topic})
    return None if row is None else _run(row)


def decided_about(
    connection: Connection, store: StoreName, flow: str, topic: str, since: datetime
) -> list[Run]:
    """Return the runs of a flow about something that began after an instant and were decided."""
    given = {"store": store, "flow": flow, "topic": topic, "since": since}
    return [_run(row) for row in _DECIDED.all(connection, given)]


def ran_since(
    connection: Connection, store: StoreName, flow: str, person: PersonId, since: datetime
) -> bool:
    """Tell whether a flow was set off for a person after an instant, whatever became of it."""
    given = {"store": store, "flow": flow, "person": person, "since": since}
    return _RAN.first(connection, given) is not None


def due_runs(connection: Connection, now: datetime, most: int) -> list[Run]:
    """Return runs of all stores that are due, the longest due first."""
    return [_run(row) for row in _DUE.all(connection, {"now": now, "most": most})]


def claim_runs(connection: Connection, now: datetime, most: int) -> list[Run]:
    """Return runs as `due_runs` does, which nobody else settles before this transaction ends."""
    return [_run(row) for row in _CLAIM.all(connection, {"now": now, "most": most})]


def claim_run(connection: Connection, key: RunKey) -> Run | None:
    """Return a run that nobody else settles before this transaction ends; None: it was settled."""
    row = _HOLD.first(connection, {"which": key})
    return None if row is None else _run(row)


def settle_run(
    connection: Connection, key: RunKey, state: RunState, reason: str | None = None
) -> bool:
    """Write what became of a run; return whether it was still waiting."""
    return _SETTLE.run(connection, {"which": key, "to": state.value, "why": reason}) > 0


def move_run(connection: Connection, run: Run, **changes: Any) -> bool:
    """Let a waiting run begin, or be due, at another instant, with another subject.

    Args:
        connection: the transaction.
        run: as it stands.
        changes: of `began_at`, `due_at`, `subject`; `person` and `customer` where they are told.

    Returns:
        Whether it was still waiting.
    """
    values = {
        "which": run.key,
        "begins": changes.get("began_at", run.began_at),
        "at": changes.get("due_at", run.due_at),
        "about": json.dumps(dict(changes.get("subject", run.subject))),
        "who": changes.get("person"),
        "called": changes.get("customer"),
    }
    return _MOVE.run(connection, values) > 0


def drop_about(
    connection: Connection, store: StoreName, topic: str, until: datetime, reason: str
) -> int:
    """Drop all that waits about something and began by an instant; return how many did."""
    return _DROP.run(connection, {"of": store, "about": topic, "until": until, "why": reason})


def count_runs(connection: Connection, store: StoreName) -> list[tuple[str, str, str | None, int]]:
    """Return how many runs there are of a store, by flow, state and reason."""
    by = (FLOW_RUNS.c.flow, FLOW_RUNS.c.state, FLOW_RUNS.c.reason)
    query = select(*by, func.count()).where(FLOW_RUNS.c.store == store).group_by(*by).order_by(*by)
    return [(row[0], row[1], row[2], row[3]) for row in connection.execute(query)]


def waiting_until(
    connection: Connection, store: StoreName, flow: str, until: datetime
) -> tuple[int, datetime | None]:
    """Return how many runs of a flow are due by an instant, and when the next one is."""
    query = select(func.count(), func.min(FLOW_RUNS.c.due_at)).where(
        _WAITS,
        FLOW_RUNS.c.due_at <= until,
        FLOW_RUNS.c.store == store,
        FLOW_RUNS.c.flow == flow,
    )
    count, due = connection.execute(query).one()
    return count, due


def newest_runs(connection: Connection, store: StoreName, flow: str | None, most: int) -> list[Run]:
    """Return the newest runs of a store, or of one of its flows, the newest first."""
    query = _ALL.where(FLOW_RUNS.c.store == store).order_by(FLOW_RUNS.c.key.desc()).limit(most)
    if flow is not None:
        query = query.where(FLOW_RUNS.c.flow == flow)
    return [_run(row) for row in connection.execute(query)]


def _run(row: Any) -> Run:
    return Run(
        key=RunKey(row.key),
        store=row.store,
        flow=row.flow,
        trigger=row.trigger,
        topic=row.topic,
        person=row.person,
        customer=row.customer,
        subject=json.loads(row.subject),
        began_at=row.began_at,
        due_at=row.due_at,
        state=RunState(row.state),
        reason=row.reason,
    )
