"""Whom a campaign is still about: those for whom nothing is decided yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, bindparam, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from gateway.db.commerce.campaigns import CampaignKey
from gateway.db.names import by_place, in_lots, one_of
from gateway.db.prepared import Prepared
from gateway.db.tables import CAMPAIGN_MEMBERS
from gateway.domain.ids import PersonId, StoreName


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """Somebody whom a campaign is about, and from when on it may be decided what they get."""

    person: PersonId
    send_at: datetime


_C = CAMPAIGN_MEMBERS.c
_PUT = {
    "sqlite": Prepared(sqlite.insert(CAMPAIGN_MEMBERS).on_conflict_do_nothing()),
    "postgresql": Prepared(postgresql.insert(CAMPAIGN_MEMBERS).on_conflict_do_nothing()),
}
_OF = select(_C.person, _C.send_at).where(_C.campaign_key == bindparam("campaign"))
_DUE = Prepared(
    _OF.where(_C.send_at <= bindparam("now"))
    .order_by(_C.send_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_AFTER = Prepared(
    _OF.where(_C.person > bindparam("after")).order_by(_C.person).limit(bindparam("most"))
)
_MOVE = Prepared(
    update(CAMPAIGN_MEMBERS)
    .where(_C.campaign_key == bindparam("campaign"), _C.person == bindparam("who"))
    .values(send_at=bindparam("at"))
)
_COUNT = Prepared(
    select(func.count().label("members")).where(_C.campaign_key == bindparam("campaign"))
)
_FIRST = Prepared(
    select(func.min(_C.send_at).label("send_at")).where(_C.campaign_key == bindparam("campaign"))
)


def put_members(
    connection: Connection, key: CampaignKey, store: StoreName, members: Sequence[Member]
) -> None:
    """Write down whom a campaign is about; who is there already stays."""
    rows = [
        {
            "campaign_key": key,
            "store": store,
            "person": member.person,
            "send_at": member.send_at,
        }
        for member in members
    ]
    _PUT[connection.dialect.name].many(connection, rows)


def due_members(connection: Connection, key: CampaignKey, now: datetime, most: int) -> list[Member]:
    """Return those whose time has come, the longest due first; they are this transaction's."""
    rows = _DUE.all(connection, {"campaign": key, "now": now, "most": most})
    return [Member(person=row.person, send_at=row.send_at) for row in rows]


def members_after(connection: Connection, key: CampaignKey, after: str, most: int) -> list[Member]:
    """Return members in the order of their pseudonyms, from one on; the first come after ''."""
    rows = _AFTER.all(connection, {"campaign": key, "after": after, "most": most})
    return [Member(person=row.person, send_at=row.send_at) for row in rows]


def move_members(connection: Connection, key: CampaignKey, members: Sequence[Member]) -> None:
    """Give members another time; who is none any more stays none."""
    rows = [{"campaign": key, "who": one.person, "at": one.send_at} for one in members]
    _MOVE.many(connection, rows)


@cache
def _remove(count: int) -> Prepared:
    return Prepared(
        delete(CAMPAIGN_MEMBERS).where(
            _C.campaign_key == bindparam("campaign"), one_of(_C.person, count)
        )
    )


def remove_members(connection: Connection, key: CampaignKey, persons: Sequence[PersonId]) -> None:
    """Let it be decided, or settled, what some get."""
    for lot in in_lots(persons):
        _remove(len(lot)).run(connection, {"campaign": key, **by_place(lot)})


def count_members(connection: Connection, key: CampaignKey) -> int:
    """Return for how many nothing is decided yet."""
    [row] = _COUNT.all(connection, {"campaign": key})
    return int(row.members)


def first_due(connection: Connection, key: CampaignKey) -> datetime | None:
    """Return when the first of them is due; None when there is nobody left."""
    [row] = _FIRST.all(connection, {"campaign": key})
    due: datetime | None = row.send_at
    return due
