"""The jobs of a campaign that still wait, found by its lanes.

A store with very many campaigns has lanes that several share (`gateway.db.lanes`): those of none
are looked at as well, and the job's own word counts.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    select,
    update,
)

from gateway.db.jobs import JobRecord, record_of
from gateway.db.prepared import Prepared
from gateway.db.tables import JOBS, LANES, PARTS
from gateway.domain.ids import Campaign, StoreName
from gateway.domain.states import JobState, PartState, Stage

_LANES = select(LANES.c.key).where(
    LANES.c.store == bindparam("of_store"),
    LANES.c.campaign.in_([bindparam("of_campaign"), literal_column("''")]),
)


def _in(stage: Stage) -> ColumnElement[bool]:
    """A stage of the campaign's jobs; as a literal: a partial index serves no parameter."""
    return and_(
        JOBS.c.stage == literal_column(f"'{stage.value}'"),
        JOBS.c.lane.in_(_LANES),
        JOBS.c.store == bindparam("of_store"),
        JOBS.c.campaign == bindparam("of_campaign"),
    )


def _counted(stage: Stage) -> Prepared:
    some = select(JOBS.c.key).where(_in(stage)).limit(bindparam("most")).subquery()
    return Prepared(select(func.count().label("jobs")).select_from(some))


_COUNTS = {stage: _counted(stage) for stage in (Stage.READY, Stage.SCHEDULED, Stage.CLAIMED)}

_BEGUN = exists().where(PARTS.c.job_key == JOBS.c.key, PARTS.c.state != PartState.WAITING)
_UNTOUCHED = {
    stage: Prepared(
        select(JOBS)
        .where(_in(stage), ~_BEGUN)
        .limit(bindparam("most"))
        .with_for_update(key_share=True, skip_locked=True)
    )
    for stage in (Stage.READY, Stage.SCHEDULED)
}
_BRING_BACK = Prepared(
    update(JOBS)
    .where(
        _in(Stage.SCHEDULED),
        JOBS.c.state == JobState.DEFERRED,
        JOBS.c.reason == bindparam("why"),
    )
    .values(not_before=bindparam("now"))
)


def count_waiting(
    connection: Connection, store: StoreName, campaign: Campaign, stage: Stage, most: int
) -> int:
    """Return how many jobs of a campaign are in a stage, ``most`` at most.

    Args:
        connection: where to look.
        store: whose campaign.
        campaign: the word of its jobs.
        stage: ready, scheduled or claimed.
        most: the look ends there.
    """
    named = {"of_store": store, "of_campaign": campaign, "most": most}
    [row] = _COUNTS[stage].all(connection, named)
    return int(row.jobs)


def untouched_jobs(
    connection: Connection, store: StoreName, campaign: Campaign, most: int
) -> list[JobRecord]:
    """Return waiting jobs of a campaign of which no part may be out."""
    named = {"of_store": store, "of_campaign": campaign, "most": most}
    return [record_of(row) for one in _UNTOUCHED.values() for row in one.all(connection, named)]


def bring_back(
    connection: Connection, store: StoreName, campaign: Campaign, reason: str, now: datetime
) -> int:
    """Let jobs that were put off for a reason be due at once; return how many."""
    named = {"of_store": store, "of_campaign": campaign, "why": reason, "now": now}
    return _BRING_BACK.run(connection, named)
