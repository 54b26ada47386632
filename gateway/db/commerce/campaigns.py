"""Campaigns that were launched: how each stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NewType

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from gateway.db.prepared import Prepared
from gateway.db.tables import CAMPAIGNS
from gateway.domain.ids import StoreName

CampaignKey = NewType("CampaignKey", int)
"""The database's number of a launched campaign."""


class CampaignState(StrEnum):
    """How a launched campaign stands."""

    LAUNCHING = "launching"
    """Whom it is about is being written down."""
    CANARY = "canary"
    """Own numbers have it; it waits for what lets it go on."""
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    STOPPED = "stopped"


OVER: Final = frozenset({CampaignState.FINISHED, CampaignState.STOPPED})
"""States after which nothing more of it is handed over."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CampaignRecord:
    """A launched campaign as it stands."""

    key: CampaignKey
    store: StoreName
    name: str
    state: CampaignState
    reason: str | None
    spec: str
    """JSON; see `gateway.commerce.campaigns.frozen`."""
    persons: int
    launched_at: datetime
    starts_at: datetime
    ends_at: datetime | None
    cleared_at: datetime | None
    finished_at: datetime | None


_NAMED = select(CAMPAIGNS).where(
    CAMPAIGNS.c.store == bindparam("store"), CAMPAIGNS.c.name == bindparam("name")
)
_FIND = Prepared(_NAMED)
_KEYED = select(CAMPAIGNS).where(CAMPAIGNS.c.key == bindparam("which"))
_HOLD = Prepared(_KEYED.with_for_update())
_SHARE = Prepared(_KEYED.with_for_update(read=True))
_OPEN = Prepared(
    select(CAMPAIGNS)
    .where(CAMPAIGNS.c.finished_at.is_(None), CAMPAIGNS.c.state != CampaignState.LAUNCHING.value)
    .order_by(CAMPAIGNS.c.key)
)
_CHANGE = Prepared(update(CAMPAIGNS).where(CAMPAIGNS.c.key == bindparam("which")))


def find_campaign(connection: Connection, store: StoreName, name: str) -> CampaignRecord | None:
    """Return the campaign of a name that was launched, if it was."""
    row = _FIND.first(connection, {"store": store, "name": name})
    return None if row is None else _record(row)


def hold_campaign(
    connection: Connection, key: CampaignKey, *, shared: bool = False
) -> CampaignRecord:
    """Return a campaign that is known to exist; it stays as it is until the transaction ends.

    Args:
        connection: the transaction.
        key: which.
        shared: whether others may hold it so, too; enough for who goes by its state.
    """
    [row] = (_SHARE if shared else _HOLD).all(connection, {"which": key})
    return _record(row)


def open_campaigns(connection: Connection) -> list[CampaignRecord]:
    """Return the campaigns of which something may still wait, but for those being launched."""
    return [_record(row) for row in _OPEN.all(connection, {})]


def list_campaigns(connection: Connection, stores: Sequence[StoreName]) -> list[CampaignRecord]:
    """Return the campaigns of some stores, the newest first."""
    query = select(CAMPAIGNS).where(CAMPAIGNS.c.store.in_(stores)).order_by(CAMPAIGNS.c.key.desc())
    return [_record(row) for row in connection.execute(query)]


def insert_campaign(connection: Connection, **values: object) -> CampaignKey:
    """Insert a campaign that is being launched; return its key.

    Raises:
        sqlalchemy.exc.IntegrityError: another of this name is there.
    """
    query = insert(CAMPAIGNS).returning(CAMPAIGNS.c.key)
    return CampaignKey(connection.execute(query, values).scalar_one())


def change_campaign(connection: Connection, key: CampaignKey, **values: object) -> None:
    """Set columns of a campaign."""
    _CHANGE.run(connection, {"which": key, **values})


def delete_campaign(connection: Connection, key: CampaignKey) -> None:
    """Forget a campaign that has no members; one that never was."""
    connection.execute(delete(CAMPAIGNS).where(CAMPAIGNS.c.key == key))


def _record(row: Any) -> CampaignRecord:
    return CampaignRecord(
        key=row.key,
        store=row.store,
        name=row.name,
        state=CampaignState(row.state),
        reason=row.reason,
        spec=row.spec,
        persons=row.persons,
        launched_at=row.launched_at,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        cleared_at=row.cleared_at,
        finished_at=row.finished_at,
    )
