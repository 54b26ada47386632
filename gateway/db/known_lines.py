"""The line by which a person knows a store: written when something went out, asked at admission.

A person stands in it under a pseudonym, so that it may outlive the messages (`Keep.DELIVERY`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Final

from sqlalchemy import Connection, bindparam, delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from gateway.db.names import by_place, one_of
from gateway.db.prepared import Prepared
from gateway.db.tables import PERSON_LINES
from gateway.domain.ids import LineId, StoreName
from scoring.pseudonym import pseudonym

REFRESH: Final = timedelta(days=1)
"""How old the instant of the last message may get before it is written anew: it is for retention,
which counts months, and a write for each message would be one too many."""

_REMEMBERED: Final = 1 << 12
"""Persons whose names are kept at hand: a job is admitted, and its parts go out soon after."""


class KnownLines:
    """Writes and finds them.

    Args:
        keys: of the pseudonyms, the one in use first; see `gateway.db.key`.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = tuple(keys)
        self._names = lru_cache(maxsize=_REMEMBERED)(self._make_names)

    def find(self, connection: Connection, store: StoreName, recipient: str) -> LineId | None:
        """Return the line by which a recipient (E.164) knows a store, or None."""
        names = self._names(recipient)
        row = _find(len(names)).first(connection, {"of_store": store, **by_place(names)})
        return None if row is None else LineId(row.line)

    def note(
        self, connection: Connection, store: StoreName, recipient: str, line: LineId, now: datetime
    ) -> bool:
        """Write that a store's message went out to a recipient (E.164) on a line.

        Returns whether anything was written: it is another line than before, or a day later.
        """
        person, *former = self._names(recipient)
        row = {"of_store": store, "who": person, "which": line, "now": now, "old": now - REFRESH}
        written = _NOTE[connection.dialect.name].first(connection, row) is not None
        if written and former:
            _forget(len(former)).run(connection, {"of_store": store, **by_place(former)})
        return written

    def _make_names(self, recipient: str) -> tuple[str, ...]:
        return tuple(pseudonym(key, "person", recipient) for key in self._keys)


@cache
def _find(names: int) -> Prepared:
    columns = PERSON_LINES.c
    return Prepared(
        select(columns.line)
        .where(columns.store == bindparam("of_store"), one_of(columns.person, names))
        .order_by(columns.at.desc())
        .limit(1)
    )


@cache
def _forget(names: int) -> Prepared:
    """What stands under names of before a rotation of the key: the new one takes its place."""
    columns = PERSON_LINES.c
    return Prepared(
        delete(PERSON_LINES).where(
            columns.store == bindparam("of_store"), one_of(columns.person, names)
        )
    )


def _note(insert: sqlite.Insert | postgresql.Insert) -> Prepared:
    columns = PERSON_LINES.c
    new = insert.values(
        store=bindparam("of_store"),
        person=bindparam("who"),
        line=bindparam("which"),
        at=bindparam("now"),
    )
    given = new.excluded
    return Prepared(
        new.on_conflict_do_update(
            index_elements=[columns.store, columns.person],
            set_={"line": given.line, "at": given.at},
            where=or_(columns.line != given.line, columns.at < bindparam("old")),
        ).returning(columns.line)
    )


_NOTE: Final = {
    "sqlite": _note(sqlite.insert(PERSON_LINES)),
    "postgresql": _note(postgresql.insert(PERSON_LINES)),
}
