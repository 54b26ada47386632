"""The statements of every message find what they want by an index, however much is stored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, Engine, event

from gateway.db import Database
from gateway.db.jobs import claim_job, claimed_jobs, find_job, overdue_jobs, promote_jobs
from gateway.db.parts import (
    abandoned_attempts,
    count_attempts,
    last_doubtful_attempt,
    open_parts,
)
from gateway.db.reports import unmatched_reports
from gateway.domain.ids import JobId, LineId, ModemName, PartKey, StoreName

NOW = datetime(2026, 11, 23, tzinfo=UTC)
LINE, MODEM = LineId("line"), ModemName("m0")


def claim(connection: Connection, budget: int | None) -> None:
    claim_job(connection, node="n", line=LINE, modem=MODEM, routes=("+44",), budget=budget, now=NOW)


HOT: dict[str, tuple[Callable[[Connection], object], str]] = {
    "claim": (lambda c: claim(c, None), "ix_jobs_ready"),
    "claim within a limit": (lambda c: claim(c, 5), "ix_jobs_ready"),
    "promote": (lambda c: promote_jobs(c, NOW, 500), "ix_jobs_scheduled"),
    "overdue": (lambda c: overdue_jobs(c, NOW, 500), "ix_jobs_ready (urgency=?"),
    "find a job": (lambda c: find_job(c, StoreName("acme"), JobId("1")), "(store=? AND id=?)"),
    "parts of a report": (lambda c: open_parts(c, LINE, 7), "ix_parts_open (line=? AND ref"),
    "parts without reference": (lambda c: open_parts(c, LINE, None), "ix_parts_open (line=?"),
    "kept reports": (lambda c: unmatched_reports(c, LINE, NOW), "ix_reports_unmatched (line=?"),
    "a late reference": (lambda c: last_doubtful_attempt(c, LINE), "ix_attempts_unknown (line=?"),
    "attempts of a part": (lambda c: count_attempts(c, PartKey(1)), "ix_attempts_part_key"),
    "what a modem left": (lambda c: abandoned_attempts(c, "n", MODEM), "ix_attempts_open (node=?"),
    "what anybody left": (lambda c: abandoned_attempts(c, None, None), "ix_attempts_open"),
    "claims of anybody": (lambda c: claimed_jobs(c, None, None), "ix_jobs_claimed"),
}


@pytest.mark.parametrize(("run", "index"), HOT.values(), ids=HOT)
async def test_a_hot_statement_uses_its_index(
    database: Database, run: Callable[[Connection], object], index: str
) -> None:
    asked: list[tuple[str, object]] = []

    def note(_c: object, _cursor: object, statement: str, values: object, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            asked.append((statement, values))

    def explain(connection: Connection) -> list[str]:
        run(connection)
        [(statement, values)] = asked
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        return [row.detail for row in rows]

    event.listen(Engine, "before_cursor_execute", note)
    try:
        plan = await database.write(explain)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert any(index in step for step in plan), plan
    unindexed = [step for step in plan if step.startswith("SCAN") and "USING" not in step]
    assert unindexed == [], plan
