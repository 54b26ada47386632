"""Jobs that have long ended, with all that hangs on them, out of the way of those that are sent.

What is at work stays in small tables, whose pages and indexes stay in memory; what is history lies
in twins of them, of the same columns and under the same keys. A job moves with its parts, attempts,
reports and carriages, so that none of what belongs together lies on both sides, and a statement
that joins them is right on either.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, CompoundSelect, Index, Select, text, union_all
from sqlalchemy import Table as SqlTable

from gateway.db.columns import Table
from gateway.db.tables.carriers import Carriage
from gateway.db.tables.sending import Attempt, Job, Part, Report


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Sheaf:
    """The tables of jobs and of what hangs on them, on one side."""

    jobs: SqlTable
    parts: SqlTable
    attempts: SqlTable
    reports: SqlTable
    carriages: SqlTable


def _table(model: type[Table]) -> SqlTable:
    return Table.metadata.tables[str(model.__tablename__)]


def _twin(table: SqlTable, *indexes: Index) -> SqlTable:
    """Return a table of the same columns, with the indexes that history is asked by.

    Nothing in it refers to another table: it is filled and emptied by whole jobs.
    """
    columns = (
        Column(
            column.name,
            column.type,
            primary_key=column.primary_key,
            nullable=column.nullable,
            # Keys come with the rows.
            autoincrement=False,
        )
        for column in table.columns
    )
    return SqlTable(f"archived_{table.name}", Table.metadata, *columns, *indexes)


HOT: Final = Sheaf(
    jobs=_table(Job),
    parts=_table(Part),
    attempts=_table(Attempt),
    reports=_table(Report),
    carriages=_table(Carriage),
)
"""What is at work, and what ended lately."""

ARCHIVED: Final = Sheaf(
    jobs=_twin(
        HOT.jobs,
        # For a store's own id again, at each new job: the one look that the archive costs there.
        Index("ix_archived_jobs_id", "store", "id", unique=True),
        Index("ix_archived_jobs_told", "store", "state", "key"),
        Index("ix_archived_jobs_accepted", "accepted_at"),
        Index(
            "ix_archived_jobs_texts",
            "accepted_at",
            sqlite_where=text("text <> ''"),
            postgresql_where=text("text <> ''"),
        ),
    ),
    parts=_twin(
        HOT.parts,
        Index("ix_archived_parts_job", "job_key", "number", unique=True),
        Index("ix_archived_parts_tail", "tail", "handed_at", "line"),
    ),
    attempts=_twin(HOT.attempts, Index("ix_archived_attempts_part", "part_key")),
    reports=_twin(HOT.reports, Index("ix_archived_reports_part", "part_key")),
    carriages=_twin(
        HOT.carriages,
        Index("ix_archived_carriages_job", "job_key"),
        Index("ix_archived_carriages_carried", "carried_id"),
    ),
)
"""What ended longer ago than `[retention] archive_days`."""

SHEAVES: Final = (HOT, ARCHIVED)

Build = Callable[[Sheaf], Select[Any]]


def both(build: Build) -> CompoundSelect[Any]:
    """Return what a statement finds on either side.

    The statement is made for each of them, and not run on the sum: so each looks by the indexes of
    its own tables, and what is sorted alike is merged and not sorted again.
    """
    return union_all(*(build(sheaf) for sheaf in SHEAVES))


def both_limited(build: Build) -> CompoundSelect[Any]:
    """Return the same of a statement with an order and a limit of its own."""
    return union_all(*(build(sheaf).subquery().select() for sheaf in SHEAVES))
