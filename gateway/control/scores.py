"""Scores over the control socket: in lots that fit into a line and let other changes through."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from gateway.consent.withheld import withheld
from gateway.control.server import Operation
from gateway.control.wire import MAX_LINE
from gateway.db import Database
from gateway.db.scores import put_scores
from gateway.domain.clock import Clock
from gateway.domain.errors import RejectedError
from gateway.domain.ids import PersonId, StoreName
from gateway.domain.score import BestHours, Score, pack_hours, unpack_hours

LOT: Final = 500
"""Scores in one transaction: some ten milliseconds, for which nothing else is committed."""

_ROOM: Final = MAX_LINE // 2
"""Octets of a lot, so that what is around it fits too."""


class ScoreDesk:
    """Keeps the scores that a command sends."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def operations(self) -> Mapping[str, Operation]:
        """Return what may be asked, by name."""
        return {"scores": self._scores}

    async def _scores(self, fields: Mapping[str, Any]) -> object:
        rows = fields.get("rows")
        if not isinstance(rows, list) or len(rows) > LOT:
            raise RejectedError("malformed", f"rows: right: a list of at most {LOT}", field="rows")
        return {"taken": await self.keep([_read(row) for row in rows])}

    async def keep(self, scores: Sequence[Score]) -> int:
        """Keep a lot, but for who objects to it (G-10); return how many were kept.

        Raises:
            StorageError: it could not be kept.
        """
        now = self._clock.now()
        return await self._database.write(lambda connection: _keep(connection, scores, now))


def _keep(connection: Connection, scores: Sequence[Score], now: datetime) -> int:
    left_out = withheld(connection, {PersonId(score.person_id) for score in scores})
    kept = [
        score
        for score in scores
        if score.person_id not in left_out.get(StoreName(score.store), frozenset())
    ]
    put_scores(connection, kept, now)
    return len(kept)


def lots(scores: Sequence[Score]) -> Iterator[list[dict[str, Any]]]:
    """Yield scores as JSON has them, in lots that the socket takes."""
    lot: list[dict[str, Any]] = []
    room = _ROOM
    for score in scores:
        row = _write(score)
        size = len(json.dumps(row, ensure_ascii=False).encode())
        if lot and (len(lot) == LOT or size > room):
            yield lot
            lot, room = [], _ROOM
        lot.append(row)
        room -= size
    if lot:
        yield lot


def _write(score: Score) -> dict[str, Any]:
    next_order_at = score.next_order_at
    return {
        "store": score.store,
        "person_id": score.person_id,
        "churn": score.churn,
        "value": score.value,
        "value_low": score.value_low,
        "value_high": score.value_high,
        "next_order_at": None if next_order_at is None else next_order_at.isoformat(),
        "hours": pack_hours(score.hours).hex(),
        "best_hours": score.best_hours.value,
        "buy_again": list(score.buy_again),
        "new_for_you": list(score.new_for_you),
        "uplift": score.uplift,
        "horizon_days": score.horizon_days,
        "model_id": score.model_id,
        "made_at": score.made_at.isoformat(),
    }


def _read(row: Any) -> Score:
    try:
        next_order_at = row["next_order_at"]
        return Score(
            **row
            | {
                "next_order_at": None if next_order_at is None else _instant(next_order_at),
                "hours": unpack_hours(bytes.fromhex(row["hours"])),
                "best_hours": BestHours(row["best_hours"]),
                "buy_again": tuple(map(str, row["buy_again"])),
                "new_for_you": tuple(map(str, row["new_for_you"])),
                "made_at": _instant(row["made_at"]),
            }
        )
    except (TypeError, KeyError, ValueError) as error:
        raise RejectedError("malformed", f"rows: {error}", field="rows") from None


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
