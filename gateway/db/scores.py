"""Statements on scores: what the models advise about whom.

Advice that is older than `gateway.domain.score.STALE_AFTER` is not given out; it goes, some at a
time, when newer comes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from gateway.db.tables import SCORES
from gateway.domain.score import STALE_AFTER, BestHours, Score, pack_hours, send_hour, unpack_hours

_ASKED: Final = 500
"""Persons in one statement; SQLite takes no more than some thousand parameters."""

_SWEPT: Final = 1000
"""Stale rows that go with each lot that comes: more than come, and a few milliseconds' work."""


def put_scores(connection: Connection, scores: Sequence[Score], now: datetime) -> None:
    """Keep scores, each in place of an older one of its person; some stale ones go.

    Args:
        connection: where to.
        scores: one for a person of a store at most.
        now: the present instant.
    """
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(SCORES)
    newer = {
        column.name: statement.excluded[column.name]
        for column in SCORES.c
        if not column.primary_key
    }
    if scores:
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=[SCORES.c.store, SCORES.c.person_id],
                set_=newer,
                where=statement.excluded.made_at >= SCORES.c.made_at,
            ),
            [_row(score) for score in scores],
        )
    _sweep(connection, now)


def _sweep(connection: Connection, now: datetime) -> None:
    name = (SCORES.c.store, SCORES.c.person_id)
    stale = select(*name).where(SCORES.c.made_at < now - STALE_AFTER).limit(_SWEPT)
    connection.execute(delete(SCORES).where(tuple_(*name).in_(stale)))


def forget_scores(connection: Connection) -> None:
    """Forget all advice, as when everybody gets another pseudonym."""
    connection.execute(delete(SCORES))


def read_scores(
    connection: Connection, store: str, persons: Sequence[str], now: datetime
) -> Mapping[str, Score]:
    """Return what is advised about persons of a store, by pseudonym; who is not in it has none.

    Args:
        connection: where to look.
        store: whose.
        persons: their pseudonyms, however many.
        now: the present instant; what is stale then is left out.
    """
    return {
        score.person_id: score
        for some in _lots(persons)
        for score in map(_score, connection.execute(_asked(store, some)))
        if not score.is_stale(now)
    }


def _lots(persons: Sequence[str]) -> Iterator[Sequence[str]]:
    for first in range(0, len(persons), _ASKED):
        yield persons[first : first + _ASKED]


def _asked(store: str, persons: Sequence[str]) -> Any:
    return select(SCORES).where(SCORES.c.store == store, SCORES.c.person_id.in_(persons))


def _row(score: Score) -> dict[str, object]:
    return {
        "store": score.store,
        "person_id": score.person_id,
        "churn": score.churn,
        "value": score.value,
        "value_low": score.value_low,
        "value_high": score.value_high,
        "next_order_at": score.next_order_at,
        "hours": pack_hours(score.hours),
        "best_hours": score.best_hours,
        "send_hour": send_hour(score.hours),
        "buy_again": json.dumps(score.buy_again, ensure_ascii=False),
        "new_for_you": json.dumps(score.new_for_you, ensure_ascii=False),
        "uplift": score.uplift,
        "horizon_days": score.horizon_days,
        "model_id": score.model_id,
        "made_at": score.made_at,
    }


def _score(row: Any) -> Score:
    facts = dict(row._mapping)
    del facts["send_hour"]
    return Score(
        **facts
        | {
            "hours": unpack_hours(row.hours),
            "best_hours": BestHours(row.best_hours),
            "buy_again": tuple(json.loads(row.buy_again)),
            "new_for_you": tuple(json.loads(row.new_for_you)),
        }
    )
