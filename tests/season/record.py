"""What the database says of a season, read by plain SQL: none of the gateway's own statements."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """A row of `jobs`."""

    store: str
    id: str
    to: str
    text: str
    purpose: str
    scope: str | None
    campaign: str | None
    state: str
    accepted_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """A row of `decisions`."""

    store: str
    campaign: str
    trigger: str
    person: str
    arm: str
    probability: float
    candidates: dict[str, float]
    outcome: str
    reason: str | None
    job: str | None
    coupon: str | None
    decided_at: datetime


class Record:
    """A season's database, read once at its end.

    Attributes:
        jobs, decisions: all of them.
        numbers: of each pseudonym.
        tallies: how many events were taken of each day and type, and their digest.
    """

    def __init__(self, path: Path) -> None:
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        connection.row_factory = sqlite3.Row
        self.jobs = [_job(row) for row in connection.execute("SELECT * FROM jobs")]
        self.decisions = [_made(row) for row in connection.execute("SELECT * FROM decisions")]
        persons = connection.execute("SELECT person, number FROM persons")
        self.numbers = {row["person"]: row["number"] for row in persons}
        self.tables = {
            name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]  # noqa: S608
            for name in ("products", "orders", "order_lines", "shipments", "carts", "product_views")
        }
        self.tallies: dict[str, dict[str, dict[str, object]]] = defaultdict(dict)
        for row in connection.execute("SELECT * FROM event_tallies"):
            tally = {"events": row["events"], "digest": row["digest"]}
            self.tallies[row["day"]][row["type"]] = tally
        connection.close()
        self.by_job: dict[str, list[Made]] = defaultdict(list)
        for made in self.decisions:
            if made.job is not None:
                self.by_job[made.job].append(made)


def instant(value: str) -> datetime:
    """Return an instant as SQLite keeps it: text, UTC, without a zone."""
    return datetime.fromisoformat(value).replace(tzinfo=UTC)


def _job(row: sqlite3.Row) -> Job:
    return Job(
        store=row["store"],
        id=row["id"],
        to=row["recipient"],
        text=row["text"],
        purpose=row["purpose"],
        scope=row["scope"],
        campaign=row["campaign"],
        state=row["state"],
        accepted_at=instant(row["accepted_at"]),
    )


def _made(row: sqlite3.Row) -> Made:
    names = Made.__slots__
    given = {name: row[name] for name in names}
    given |= {
        "candidates": json.loads(row["candidates"]),
        "decided_at": instant(row["decided_at"]),
    }
    return Made(**given)
