"""All rows that are of a person, as they stand: what a person's export is made of.

Columns are not named here: what a table has is in the export, also what is added to it later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, or_, select

from gateway.db.shop.dossier import read_shop
from gateway.db.tables import (
    AUDIT_ENTRIES,
    CONSENT_EVENTS,
    ERASURES,
    INBOUND,
    INBOUND_PARTS,
    OUTBOX,
    PERSON_LINES,
    PERSONS,
    REPORTS,
    SCORES,
    SHEAVES,
    Sheaf,
)
from gateway.db.whereabouts import Sought, find_whereabouts
from gateway.domain.score import unpack_hours

Rows = list[dict[str, Any]]

_LOT: Final = 500


def read_dossier(connection: Connection, sought: Sought) -> Mapping[str, Rows]:
    """Return a person's rows by the parts of the export (`gateway.consent.datamap`)."""
    found = find_whereabouts(connection, sought)
    # The oldest first; the archive has them as a rule, but for those that were never settled.
    messages = sorted(
        (message for sheaf in SHEAVES for message in _messages(connection, sheaf, found.jobs)),
        key=lambda message: int(message["key"]),
    )
    parts = [part["key"] for message in messages for part in message["parts"]]
    replies = _with(
        connection,
        _rows(connection, INBOUND, INBOUND.c.key, found.messages),
        "sms",
        INBOUND_PARTS.c.message_key,
    )
    shop = dict(read_shop(connection, sought))
    words = shop.pop("words")
    return {
        **shop,
        "messages": messages,
        "reports": [
            *(
                row
                for sheaf in SHEAVES
                for row in _rows(connection, sheaf.reports, sheaf.reports.c.part_key, parts)
            ),
            *_rows(connection, REPORTS, REPORTS.c.key, found.reports),
        ],
        "replies": replies,
        "letters": _rows(connection, OUTBOX, OUTBOX.c.key, found.letters),
        "profile": [
            row | {"words": [one for one in words if one["store"] == row["store"]]}
            for row in _of(connection, PERSONS, PERSONS.c.person, sought)
        ],
        "lines": _of(connection, PERSON_LINES, PERSON_LINES.c.person, sought),
        "consents": _of(connection, CONSENT_EVENTS, CONSENT_EVENTS.c.person, sought),
        "profiling": [
            row | {"hours": list(unpack_hours(row["hours"]))}
            for row in _of(connection, SCORES, SCORES.c.person_id, sought)
        ],
        "audit": _audit(connection, sought),
        "erasures": _of(connection, ERASURES, ERASURES.c.person, sought),
    }


def _messages(connection: Connection, sheaf: Sheaf, keys: Sequence[Any]) -> Rows:
    """Return jobs of one side with all that hangs on them."""
    messages = _rows(connection, sheaf.jobs, sheaf.jobs.c.key, keys)
    _with(connection, messages, "parts", sheaf.parts.c.job_key)
    _with(connection, messages, "carriages", sheaf.carriages.c.job_key)
    for message in messages:
        _with(connection, message["parts"], "attempts", sheaf.attempts.c.part_key)
    return messages


def _rows(connection: Connection, table: Any, key: Any, keys: Sequence[Any]) -> Rows:
    rows: Rows = []
    for first in range(0, len(keys), _LOT):
        lot = keys[first : first + _LOT]
        query = select(table).where(key.in_(lot)).order_by(*table.primary_key)
        rows += [dict(row._mapping) for row in connection.execute(query)]
    return rows


def _with(connection: Connection, rows: Rows, name: str, reference: Any) -> Rows:
    """Hang on each row the rows that refer to it."""
    hung: dict[Any, Rows] = {row["key"]: [] for row in rows}
    for row in _rows(connection, reference.table, reference, list(hung)):
        hung[row[reference.name]].append(row)
    for row in rows:
        row[name] = hung[row["key"]]
    return rows


def _audit(connection: Connection, sought: Sought) -> Rows:
    """Return who asked or did something about a person; it is of no store."""
    about = AUDIT_ENTRIES.c.subject.in_(sought.persons)
    query = select(AUDIT_ENTRIES).where(about).order_by(AUDIT_ENTRIES.c.key)
    return [dict(row._mapping) for row in connection.execute(query)]


def _of(connection: Connection, table: Any, person: Any, sought: Sought) -> Rows:
    query = select(table).where(or_(person.in_(sought.persons))).order_by(*table.primary_key)
    if sought.store is not None:
        query = query.where(table.c.store == sought.store)
    return [dict(row._mapping) for row in connection.execute(query)]
