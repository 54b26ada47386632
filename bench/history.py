"""``python -m bench.history``: a database with years of messages, and how long a look at it takes.

    python -m bench.history fill /var/tmp/years.db --jobs 10000000
    python -m bench.history look /var/tmp/years.db
    python -m bench.history insert /var/tmp/years.db

``fill`` writes the rows by SQL, some ten minutes and seven gigabytes for ten million; ``look``
asks what `shopbell messages` asks; ``insert`` writes new jobs as admission does, and tells what one
costs with so much beside it.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any, Final

from sqlalchemy import Connection

from gateway.db.counts import read_counts, recount
from gateway.db.engine import reading_engine, writing_engine
from gateway.db.jobs import find_job, insert_jobs
from gateway.db.listing import list_jobs
from gateway.db.migrate import migrate
from gateway.db.parts import insert_parts, was_handed
from gateway.domain.ids import JobId, StoreName
from gateway.domain.states import JobState

AT_ONCE: Final = 500_000
"""Rows of a transaction while filling."""

TABLES: Final = ("jobs", "parts", "attempts", "reports")

_NUMBERS: Final = """
    WITH RECURSIVE n(key) AS (
        SELECT :first UNION ALL SELECT key + 1 FROM n WHERE key < :last
    )
"""
_PERSON: Final = "printf('%09d', (key * 7919) % 1000003)"
"""One of a million, of a country that there is not."""
_AT: Final = "strftime('%Y-%m-%d %H:%M:%S.000000', {seconds}, 'unixepoch')"
_STATE: Final = """
    CASE
        WHEN key % 100 < 90 THEN 'delivered' WHEN key % 100 < 94 THEN 'sent'
        WHEN key % 100 < 96 THEN 'undelivered' WHEN key % 100 < 98 THEN 'failed'
        WHEN key % 100 < 99 THEN 'expired' ELSE 'cancelled'
    END
"""
_STORE: Final = """
    CASE WHEN key % 500000 = 7 THEN 'rare' WHEN key % 20 = 0 THEN 'small' WHEN key % 4 = 0
    THEN 'books' ELSE 'acme' END
"""
_ROWS: Final = {
    "jobs": f"""
        INSERT INTO {{table}} (key, store, id, digest, recipient, text, purpose, urgency, report,
            accepted_at, not_before, expires_at, state, seq, stage, tries, line, modem, reason)
        SELECT key, {_STORE}, 'order-' || key, zeroblob(32), '+999' || {_PERSON},
            'Your order ' || key || ' has shipped and will be with you tomorrow. Reply STOP to '
            || 'get no more of these.',
            'transactional', 1, 1, {{at}}, {{at}}, {{at}}, {{state}}, 3, {{stage}}, 0, 'line-1',
            'm0', CASE WHEN key % 100 BETWEEN 90 AND 93 THEN 'no final report' END
        FROM n
    """,
    "parts": f"""
        INSERT INTO {{table}} (key, job_key, number, tail, state, line, reference, handed_at,
            settled_at)
        SELECT key, key, 1, substr({_PERSON}, -8), {{part}}, 'line-' || key % 64, key % 256, {{at}},
            {{at}} FROM n
    """,
    "attempts": """
        INSERT INTO {table} (key, part_key, node, line, modem, repeat, intended_at, outcome,
            settled_at, reference)
        SELECT key, key, 'box-1', 'line-' || key % 64, 'm0', 0, {at}, 'sent', {at}, key % 256 FROM n
    """,
    "reports": f"""
        INSERT INTO {{table}} (key, fingerprint, line, reference, recipient, status, received_at,
            part_key)
        SELECT key, randomblob(32), 'line-' || key % 64, key % 256, '+999' || {_PERSON}, 0, {{at}},
            key FROM n WHERE key % 100 < 90
    """,
}


def fill(path: Path, archived: int, hot: int, queued: int) -> None:
    """Make a database with jobs that ended, in the archive and beside the queue, and a queue."""
    engine = writing_engine(f"sqlite:///{path}", enforce_keys=False)
    migrate(engine)
    engine.dispose()
    ended, states = _STATE, "'done'"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -400000"):
            connection.execute(f"PRAGMA {pragma}")
        indexes = _without_indexes(connection)
        day = archived / 365
        newest = datetime(2026, 11, 1, tzinfo=UTC).timestamp() + archived / day * 86_400
        for prefix, first, last, state, stage in (
            ("archived_", 1, archived, ended, states),
            ("", archived + 1, archived + hot, ended, states),
            ("", archived + hot + 1, archived + hot + queued, "'accepted'", "'ready'"),
        ):
            at = _AT.format(seconds=f"{newest - 365 * 86_400:.0f} + key / {day:.3f} * 86400")
            part = "'waiting'" if stage == "'ready'" else _part(state)
            for table in TABLES if stage != "'ready'" else TABLES[:2]:
                words = {"table": prefix + table, "at": at, "state": state, "stage": stage}
                _write(connection, _ROWS[table].format(**words, part=part), first, last)
                _say(f"{prefix}{table}: {last - first + 1:,}")
        for sql in indexes:
            connection.execute(sql)
            _say(sql[:70])
        _count(connection)


def _part(state: str) -> str:
    never = "WHEN 'cancelled' THEN 'waiting' WHEN 'expired' THEN 'waiting'"
    return f"CASE {state} {never} ELSE {state} END"


def _without_indexes(connection: sqlite3.Connection) -> list[str]:
    """Drop the indexes and return how they were made: they are filled faster at the end."""
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql NOT NULL"
    found = connection.execute(query).fetchall()
    for name, _ in found:
        connection.execute(f"DROP INDEX {name}")
    return [sql for _, sql in found]


def _write(connection: sqlite3.Connection, sql: str, first: int, last: int) -> None:
    for start in range(first, last + 1, AT_ONCE):
        end = min(start + AT_ONCE - 1, last)
        connection.execute("BEGIN")
        insert, select = sql.split("SELECT", 1)
        connection.execute(f"{insert}{_NUMBERS} SELECT{select}", {"first": start, "last": end})
        connection.execute("COMMIT")


def _count(connection: sqlite3.Connection) -> None:
    for table in ("jobs", "archived_jobs"):
        connection.execute(
            "INSERT INTO job_counts SELECT ?, store, purpose, substr(accepted_at, 1, 10), state, "
            f"count(*), count(*) FROM {table} GROUP BY 2, 3, 4, 5",
            [table],
        )


LOOKS: Final[dict[str, dict[str, Any]]] = {
    "messages": {},
    "messages --store acme": {"store": "acme"},
    "messages --store rare": {"store": "rare"},
    "messages --store nobody": {"store": "nobody"},
    "messages --state failed": {"state": JobState.FAILED},
    "messages --state unconfirmed": {"state": JobState.UNCONFIRMED},
    "messages --state accepted": {"state": JobState.ACCEPTED},
    "messages --state sent": {"state": JobState.SENT},
    "messages --store rare --state failed": {"store": "rare", "state": JobState.FAILED},
    "messages --id order-12345": {"id": "order-12345"},
    "messages --id order-5": {"id": "nothing"},
    "messages --before 100000": {"before": 100_000},
    "messages --state failed --before 100000": {"state": JobState.FAILED, "before": 100_000},
}


def look(path: Path) -> None:
    """Time what is asked of a large database, each question on a connection of its own."""
    for name, wanted in LOOKS.items():
        _time(path, name, lambda connection, wanted=wanted: list_jobs(connection, **wanted))
    _time(path, "messages --count", read_counts)
    acme, missing = StoreName("acme"), JobId("not-there")
    _time(path, "a new id is looked for", lambda connection: find_job(connection, acme, missing))
    _time(path, "whether anything went to a number", lambda c: was_handed(c, "99999999"))
    _time(path, "messages --count --verify", recount, times=1)


def _time(path: Path, name: str, ask: Callable[[Connection], Any], times: int = 5) -> None:
    took = []
    for _ in range(times):
        engine = reading_engine(f"sqlite:///{path}")
        with engine.connect() as connection:
            list_jobs(connection, limit=1)  # the schema is read, and the statement compiled
            began, cpu = perf_counter(), process_time()
            found = ask(connection)
            took.append((1000 * (process_time() - cpu), 1000 * (perf_counter() - began)))
        engine.dispose()
    rows = len(found) if isinstance(found, list) else found
    cpu, wall = sorted(took)[len(took) // 2]
    print(f"{name:45} {took[0][1]:9.1f} ms first, then {wall:8.1f} ms ({cpu:.1f} ms CPU); {rows}")


def insert(path: Path, settings: list[str]) -> None:
    """Write 20,000 jobs in groups of 50 as admission does; tell the CPU time of one."""
    engine = writing_engine(f"sqlite:///{path}")
    now = datetime.now(UTC)
    with engine.connect() as connection:
        for pragma in settings:
            connection.exec_driver_sql(f"PRAGMA {pragma}")
        connection.rollback()
        took = [_group(connection, f"{now.timestamp()}-{group}", now) for group in range(400)]
    engine.dispose()
    late = sorted(wall for _, wall in took)
    each = sum(cpu for cpu, _ in took) / len(took) / 50 * 1e6
    print(
        f"{' '.join(settings) or 'as it is':40} {each:6.1f} us "
        f"CPU a job; a group of 50: {1000 * median(late):.1f} ms, p99 {1000 * late[395]:.1f} ms"
    )


def _group(connection: Connection, name: str, now: datetime) -> tuple[float, float]:
    cpu, wall = process_time(), perf_counter()
    with connection.begin():
        for number in range(50):
            _admit(connection, f"{name}-{number}", number, now)
    return process_time() - cpu, perf_counter() - wall


def _admit(connection: Connection, name: str, number: int, now: datetime) -> None:
    store, recipient = StoreName("acme"), f"+999{abs(hash(name)) % 10**9:09}"
    if find_job(connection, store, JobId(name)) is not None:
        raise AssertionError(name)
    values = {"store": store, "id": name, "digest": bytes(32), "recipient": recipient}
    values |= {"text": "Your order has shipped." * 4, "purpose": "transactional", "urgency": 1}
    values |= {"report": True, "accepted_at": now, "not_before": now, "tries": 0, "seq": 1}
    values |= {"expires_at": now + timedelta(days=1), "state": "accepted", "stage": "ready"}
    [key] = insert_jobs(connection, [values])
    insert_parts(connection, [(key, recipient, 1)])


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.history", description=__doc__)
    parser.add_argument("do", choices=("fill", "look", "insert"))
    parser.add_argument("file", type=Path)
    parser.add_argument("--jobs", type=int, default=10_000_000, help="in the archive")
    parser.add_argument("--hot", type=int, default=200_000, help="that ended lately")
    parser.add_argument("--queued", type=int, default=100_000, help="that wait")
    parser.add_argument("--pragma", action="append", default=[], help="for insert")
    return parser.parse_args()


def main() -> int:
    """Do what is asked and return the exit code."""
    options = _arguments()
    if options.do == "fill":
        fill(options.file, options.jobs, options.hot, options.queued)
    elif options.do == "look":
        look(options.file)
    else:
        insert(options.file, options.pragma)
    return 0


if __name__ == "__main__":
    sys.exit(main())
