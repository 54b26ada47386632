"""The messages of a flow or a campaign of ours, the newest first: found by what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, or_, select

from gateway.db.listing import Listed, read_listed
from gateway.db.tables import DECISIONS, Sheaf, both
from gateway.domain.ids import StoreName
from gateway.domain.states import JobState

_LOTS: Final = 20
"""So many lots are gone through for those in a state; then the page ends, and another may go on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """Some messages of a campaign."""

    jobs: list[Listed]
    before: int | None
    """Where to go on; None: there are no older ones."""


def jobs_of_campaign(
    connection: Connection,
    store: StoreName,
    campaign: str,
    *,
    state: JobState | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Page:
    """Return messages that a flow or a campaign decided on.

    Args:
        connection: for reading.
        store: whose.
        campaign: as `campaign.spring` or `flow.order-shipped`.
        state: only in this state.
        before: where a page before ended: the key of a decision.
        limit: so many at most.
    """
    jobs: list[Listed] = []
    for _ in range(_LOTS):
        rows = connection.execute(_decisions(connection, store, campaign, before, limit)).all()
        found = _jobs(connection, store, [row.job for row in rows])
        for row in rows:
            before = row.key
            one = found.get(row.job)
            if one is not None and (state is None or one.state is state):
                jobs.append(one)
            if len(jobs) == limit:
                return Page(jobs=jobs, before=before)
        if len(rows) < limit:
            return Page(jobs=jobs, before=None)
    return Page(jobs=jobs, before=before)


def _decisions(
    connection: Connection, store: StoreName, campaign: str, before: int | None, limit: int
) -> Select[Any]:
    made = DECISIONS.c
    query = (
        select(made.key, made.job)
        .where(made.store == store, made.campaign == campaign, made.job.is_not(None))
        .order_by(made.decided_at.desc(), made.key.desc())
        .limit(limit)
    )
    if before is None:
        return query
    at = connection.scalar(select(made.decided_at).where(made.key == before))
    if at is None:
        return query
    earlier = or_(made.decided_at < at, and_(made.decided_at == at, made.key < before))
    return query.where(made.decided_at <= at, earlier)


def _jobs(connection: Connection, store: StoreName, names: list[str]) -> dict[str, Listed]:
    def build(sheaf: Sheaf) -> Select[Any]:
        jobs = sheaf.jobs.c
        return select(jobs.key).where(jobs.store == store, jobs.id.in_(names))

    keys = list(connection.scalars(both(build))) if names else []
    return {one.id: one for one in read_listed(connection, keys)}
