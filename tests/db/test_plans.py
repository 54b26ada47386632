"""The statements of every message find what they want by an index, however much is stored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection
from support.statements import overheard

from gateway.consent.retention import Periods
from gateway.db import Database
from gateway.db.answers import newest_handed
from gateway.db.archive import archive_jobs, recall_job
from gateway.db.attempts import abandoned_attempts, count_attempts, last_doubtful_attempt
from gateway.db.carriages import known_ids
from gateway.db.claims import Filter, look, next_place
from gateway.db.contact import last_contact, marketing_times, waits_for_cart, wrote_of_cart
from gateway.db.exchanges import newest_on, writers_to
from gateway.db.failed import failed_recipients, fates_of
from gateway.db.holding import count_held, deeper, free_held
from gateway.db.inbox import (
    held_messages,
    is_known,
    open_beyond,
    overdue_messages,
    read_parts_in,
    siblings_of,
)
from gateway.db.jobs import (
    claimed_jobs,
    find_job,
    overdue_jobs,
    promote_jobs,
    silent_jobs,
)
from gateway.db.known_lines import KnownLines
from gateway.db.lines import wrote_to
from gateway.db.listing import list_jobs
from gateway.db.parts import archived_open_job, open_parts, was_handed
from gateway.db.reports import unmatched_reports
from gateway.db.retention import STEPS
from gateway.db.stock import Stock
from gateway.db.uses import uses_of
from gateway.domain.ids import (
    CarriedId,
    JobId,
    JobKey,
    LaneKey,
    LineId,
    MessageKey,
    ModemName,
    PartKey,
    StoreName,
)
from gateway.domain.lane import Shelf
from gateway.domain.phone import Prefixes
from gateway.domain.spans import Span, Spans
from gateway.domain.states import JobState
from gateway.domain.terms import Bar

NOW = datetime(2026, 11, 23, tzinfo=UTC)
NUMBER = "+447700900123"
ACME = StoreName("acme")
LINE, MODEM = LineId("line"), ModemName("m0")

pytestmark = pytest.mark.sqlite_only("SQLite's words; PostgreSQL plans by how much there is")


def at(connection: Connection, *, held: bool = False, only: Filter | None = None) -> None:
    shelf = Shelf(LaneKey(1), LINE if held else None)
    look(connection, shelf, now=NOW, limit=64, skip=3, only=only)


BARRED = Filter(routes=("+44",), bars=(Bar(marketing=True, to=Prefixes(start="+44", others=True)),))
HELD = Shelf(LaneKey(1), LINE)
READY = "ix_jobs_ready (lane=? AND held_for=? AND expires_at>?)"


def answered(connection: Connection) -> None:
    stores = (StoreName("acme"), StoreName("books"))
    newest_handed(connection, number=NUMBER, tail="00900123", line=LINE, stores=stores, since=NOW)


def siblings(connection: Connection) -> None:
    siblings_of(connection, line=LINE, sender=NUMBER, reference=7, total=3, width=8, since=NOW)


HOT: dict[str, tuple[Callable[[Connection], object], str]] = {
    "what a line was handed": (
        lambda c: uses_of(c, LINE, Spans(NOW, UTC), [Span.MONTH]),
        "line_days_1 (line=? AND day>? AND day<?)",
    ),
    "what any line may take": (at, READY),
    "what waits for a line": (lambda c: at(c, held=True), READY),
    "what is not barred": (lambda c: at(c, only=BARRED), READY),
    "where the next look begins": (
        lambda c: next_place(c, Shelf(LaneKey(1), None), now=NOW, behind=(NOW, JobKey(5))),
        READY,
    ),
    "which lanes have stock": (lambda c: Stock().refill(c), "ix_jobs_ready (lane=? AND held_for>?"),
    "whether more waits": (
        lambda c: deeper(c, LaneKey(1), 60),
        "ix_jobs_ready (lane=? AND held_for=?)",
    ),
    "how much is held": (
        lambda c: count_held(c, HELD, by=NOW, limit=60),
        "ix_jobs_ready (lane=? AND held_for=? AND expires_at<?)",
    ),
    "what is let go of": (
        lambda c: free_held(c, HELD, by=NOW, limit=60),
        "ix_jobs_ready (lane=? AND held_for=? AND expires_at<?)",
    ),
    "by which line a person knows a store": (
        lambda c: KnownLines([b"k"]).find(c, ACME, NUMBER),
        "(store=? AND person=?)",
    ),
    "promote": (lambda c: promote_jobs(c, NOW, 500), "ix_jobs_scheduled"),
    "without a report": (lambda c: silent_jobs(c, NOW, 500), "ix_jobs_silent (report_due<?)"),
    "overdue": (lambda c: overdue_jobs(c, NOW, 500), "ix_jobs_overdue (expires_at<?)"),
    "find a job": (lambda c: find_job(c, StoreName("acme"), JobId("1")), "(store=? AND id=?)"),
    "parts of a report": (lambda c: open_parts(c, LINE, 7), "ix_parts_open (line=? AND ref"),
    "parts without reference": (lambda c: open_parts(c, LINE, None), "ix_parts_open (line=?"),
    "kept reports": (lambda c: unmatched_reports(c, LINE, NOW), "ix_reports_unmatched (line=?"),
    "a late reference": (
        lambda c: last_doubtful_attempt(c, LINE, NOW),
        "ix_attempts_unknown (line=?",
    ),
    "attempts of a part": (lambda c: count_attempts(c, PartKey(1)), "ix_attempts_part_key"),
    "what a modem left": (lambda c: abandoned_attempts(c, "n", MODEM), "ix_attempts_open (node=?"),
    "what anybody left": (lambda c: abandoned_attempts(c, None, None), "ix_attempts_open"),
    "whom an answer answers": (answered, "ix_parts_tail (tail=? AND handed_at>?)"),
    "an SMS that came again": (
        lambda c: is_known(c, b"", "00", NOW),
        "ix_inbound_parts_fingerprint (fingerprint=?",
    ),
    "what a part belongs to": (siblings, "ix_inbound_sender (sender=? AND reference=?"),
    "parts that came": (lambda c: read_parts_in(c, MessageKey(1)), "ix_inbound_parts_message_key"),
    "halves": (lambda c: open_beyond(c, 1000), "ix_inbound_open"),
    "halves of a sender": (lambda c: open_beyond(c, 20, NUMBER), "inbound USING INDEX"),
    "parts that are missing": (lambda c: overdue_messages(c, NOW, 500), "ix_inbound_open (rec"),
    "what waits for a store": (lambda c: held_messages(c, 500), "ix_inbound_held"),
    "how much marketing": (
        lambda c: marketing_times(c, ACME, NUMBER, JobId("1"), NOW),
        "ix_parts_tail (tail=? AND handed_at>?)",
    ),
    "whether a cart was told of": (
        lambda c: wrote_of_cart(c, ACME, NUMBER, JobId("1"), NOW),
        "ix_parts_tail (tail=? AND handed_at>?)",
    ),
    "whether a cart waits": (
        lambda c: waits_for_cart(c, ACME, NUMBER, JobId("1"), NOW),
        "ix_jobs_unsent (recipient=?)",
    ),
    "what was last heard": (
        lambda c: last_contact(c, ACME, NUMBER, NOW),
        "ix_inbound_sender (sender=?)",
    ),
    "who is new to a line": (
        lambda c: wrote_to(c, LINE, NUMBER, NOW),
        "ix_parts_tail (tail=? AND handed_at>?",
    ),
    "what became of messages to a number": (
        lambda c: fates_of(c, NUMBER),
        "ix_parts_tail (tail=?",
    ),
    "to whom messages failed": (
        lambda c: failed_recipients(c, (0x43,)),
        "SEARCH reports USING INTEGER PRIMARY KEY (rowid>?)",
    ),
    "an id in the archive": (
        lambda c: find_job(c, StoreName("acme"), JobId("1")),
        "archived_jobs USING INDEX ix_archived_jobs_id (store=? AND id=?)",
    ),
    "a report of something in the archive": (
        lambda c: archived_open_job(c, LINE, 7, "00900123"),
        "ix_archived_parts_tail (tail=?)",
    ),
    "whether anything ever went to a number": (
        lambda c: was_handed(c, "00900123"),
        "ix_archived_parts_tail (tail=? AND handed_at>?)",
    ),
    "whom an answer answers in the archive": (
        answered,
        "ix_archived_parts_tail (tail=? AND handed_at>?)",
    ),
    "how much marketing in the archive": (
        lambda c: marketing_times(c, ACME, NUMBER, JobId("1"), NOW),
        "ix_archived_parts_tail (tail=? AND handed_at>?)",
    ),
    "what was last heard in the archive": (
        lambda c: last_contact(c, ACME, NUMBER, NOW),
        "ix_archived_parts_tail (tail=? AND handed_at>?)",
    ),
    "what became of what is in the archive": (
        lambda c: fates_of(c, NUMBER),
        "ix_archived_parts_tail (tail=? AND handed_at>?)",
    ),
    "who wrote to a number": (
        lambda c: writers_to(c, NUMBER, LINE),
        "ix_archived_parts_tail (tail=? AND handed_at>?)",
    ),
    "what went out on a line": (
        lambda c: newest_on(c, NUMBER, LINE, 5),
        "ix_archived_parts_tail (tail=? AND handed_at>?)",
    ),
    "what carriers call what is in the archive": (
        lambda c: known_ids(c, [CarriedId("1")]),
        "ix_archived_carriages_carried (carried_id=?)",
    ),
    "jobs that move": (
        lambda c: archive_jobs(c, [JobKey(1)], NOW),
        "SEARCH jobs USING INTEGER PRIMARY KEY (rowid=?)",
    ),
    "a job that comes back": (
        lambda c: recall_job(c, JobKey(1)),
        "ix_archived_reports_part (part_key=?)",
    ),
    "a page of messages": (
        lambda c: list_jobs(c, before=10),
        "SEARCH archived_jobs USING INTEGER PRIMARY KEY (rowid<?)",
    ),
    "the newest messages that failed": (
        lambda c: list_jobs(c, store="acme", state=JobState.FAILED),
        "ix_jobs_told (store=? AND state=?",
    ),
    "what failed long ago": (
        lambda c: list_jobs(c, store="acme", state=JobState.FAILED, before=10),
        "ix_archived_jobs_told (store=? AND state=? AND key<?)",
    ),
    "a message by its id": (
        lambda c: list_jobs(c, store="acme", id="1"),
        "ix_archived_jobs_id (store=? AND id=?)",
    ),
    "claims of anybody": (lambda c: claimed_jobs(c, None, None), "ix_jobs_claimed"),
}


@pytest.mark.parametrize(("run", "index"), HOT.values(), ids=HOT)
async def test_a_hot_statement_uses_its_index(
    database: Database, run: Callable[[Connection], object], index: str
) -> None:
    plan = await plan_of(database, run)
    assert any(index in step for step in plan), plan
    # What a subquery found by an index may be gone through.
    found = {step.split()[-1] for step in plan if step.startswith(("MATERIALIZE", "CO-ROUTINE"))}
    unindexed = [
        step
        for step in plan
        if step.startswith("SCAN") and "USING" not in step and step.split()[1] not in found
    ]
    assert unindexed == [], plan


@pytest.mark.parametrize(
    ("step", "index"),
    [
        ("texts that were sent", "archived_jobs USING INDEX ix_archived_jobs_texts"),
        ("messages that were sent", "archived_jobs USING COVERING INDEX ix_archived_jobs_accepted"),
    ],
)
async def test_what_is_too_old_is_found_by_an_index_in_the_archive(
    database: Database, step: str, index: str
) -> None:
    """The queue is small and is gone through; of the archive most is not too old."""
    [find] = [one.find for one in STEPS if one.name == step]
    cutoffs = Periods().cutoffs(NOW)
    plan = await plan_of(database, lambda connection: find(connection, cutoffs, 50))
    assert any(index in line for line in plan), plan


@pytest.mark.parametrize("held", [False, True])
async def test_the_next_jobs_are_found_in_their_order(database: Database, held: bool) -> None:
    plan = await plan_of(database, lambda c: at(c, held=held))
    assert not any("B-TREE" in step for step in plan), plan


async def plan_of(database: Database, run: Callable[[Connection], object]) -> list[str]:
    """Return the steps of what a function asks."""
    asked: list[tuple[str, Any]] = []

    def note(statement: str, values: Any) -> None:
        if not statement.startswith("BEGIN"):
            asked.append((statement, tuple(values) if isinstance(values, list) else values))

    def explain(connection: Connection) -> list[str]:
        run(connection)
        explained = [
            connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            for statement, values in list(asked)
        ]
        return [row.detail for rows in explained for row in rows]

    with overheard(note):
        return await database.write(explain)
