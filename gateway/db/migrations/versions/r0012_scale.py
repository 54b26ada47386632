"""Lanes of the queue, budgets of lines, the line that a person knows, nodes, and counts of jobs.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORD = sa.String(length=64)
STORE = sa.String(length=32)
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Forward."""
    _add_lanes()
    _add_lines()
    _add_counts()
    _add_archive()
    op.create_table(
        "nodes",
        sa.Column("name", WORD, nullable=False),
        sa.Column("instance", WORD, nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_nodes")),
    )


def _add_lanes() -> None:
    op.create_table(
        "lanes",
        sa.Column("key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("store", STORE, nullable=False),
        sa.Column("campaign", WORD, nullable=False),
        sa.Column("destination", sa.String(length=16), nullable=False),
        sa.Column("network", WORD, nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_lanes")),
        sa.UniqueConstraint(
            "urgency",
            "store",
            "campaign",
            "destination",
            "network",
            name=op.f("uq_lanes_urgency_store_campaign_destination_network"),
        ),
    )
    with _rebuilt("jobs") as batch_op:
        batch_op.add_column(sa.Column("campaign", WORD, nullable=True))
        batch_op.add_column(sa.Column("lane", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("held_for", WORD, nullable=True))
        batch_op.create_foreign_key(op.f("fk_jobs_lane_lanes"), "lanes", ["lane"], ["key"])
    _file_jobs()
    _index_jobs()


def _file_jobs() -> None:
    """Give every job that may still go out a lane, and the line that it waits for.

    The lane says nothing of its recipients: whoever claims from it looks at each.
    """
    op.execute(
        "INSERT INTO lanes (urgency, store, campaign, destination, network)"
        " SELECT DISTINCT urgency, store, '', '', '' FROM jobs WHERE stage <> 'done'"
    )
    op.execute(
        # A claimed one's line is the claimant: should it be put back, what was begun says its line.
        "UPDATE jobs SET held_for = CASE stage WHEN 'claimed' THEN only_line"
        " ELSE coalesce(line, only_line) END,"
        " lane = (SELECT lanes.key FROM lanes"
        " WHERE lanes.urgency = jobs.urgency AND lanes.store = jobs.store)"
        " WHERE stage <> 'done'"
    )


def _index_jobs() -> None:
    ready = sa.text("stage = 'ready'")
    op.drop_index("ix_jobs_ready", table_name="jobs")
    for name, columns in (
        ("ix_jobs_ready", ["lane", "held_for", "expires_at", "key"]),
        ("ix_jobs_overdue", ["expires_at"]),
    ):
        op.create_index(
            name, "jobs", columns, unique=False, sqlite_where=ready, postgresql_where=ready
        )


def _rebuilt(table: str) -> Any:
    """Change a table; in SQLite it is made anew, so that it gives each key once."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    return op.batch_alter_table(
        table,
        recreate="always" if sqlite else "never",
        table_kwargs={"sqlite_autoincrement": True},
    )


def _add_lines() -> None:
    with op.batch_alter_table("lines", schema=None) as batch_op:
        batch_op.add_column(sa.Column("node", WORD, nullable=True))
    op.create_table(
        "line_uses",
        sa.Column("line", WORD, nullable=False),
        sa.Column("span", sa.String(length=8), nullable=False),
        sa.Column("begins", INSTANT, nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("line", "span", name=op.f("pk_line_uses")),
    )
    op.create_table(
        "person_lines",
        sa.Column("store", STORE, nullable=False),
        sa.Column("person", WORD, nullable=False),
        sa.Column("line", WORD, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("store", "person", name=op.f("pk_person_lines")),
    )
    op.create_index("ix_person_lines_line", "person_lines", ["line"], unique=False)


def _add_counts() -> None:
    op.create_table(
        "job_counts",
        sa.Column("node", WORD, nullable=False),
        sa.Column("store", STORE, nullable=False),
        sa.Column("purpose", WORD, nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("jobs", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "node", "store", "purpose", "day", "state", name=op.f("pk_job_counts")
        ),
    )
    op.execute(_COUNT.format(day=_DAY[op.get_bind().dialect.name]))


_DAY = {
    "sqlite": "substr(accepted_at, 1, 10)",
    "postgresql": "to_char(accepted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')",
}
_COUNT = """
    INSERT INTO job_counts (node, store, purpose, day, state, jobs, parts)
    SELECT '', store, purpose, day, state, count(*), sum(parts) FROM (
        SELECT
            store, purpose, {day} AS day, state,
            (SELECT count(*) FROM parts WHERE job_key = jobs.key) AS parts
        FROM jobs
    ) AS counted
    GROUP BY store, purpose, day, state
"""


def _add_archive() -> None:
    told = sa.text("state <> 'accepted'")
    op.create_index(
        "ix_jobs_told",
        "jobs",
        ["store", "state", "key"],
        unique=False,
        sqlite_where=told,
        postgresql_where=told,
    )
    for name in ("parts", "attempts", "reports", "carriages"):
        with _rebuilt(name):
            pass
    with op.batch_alter_table("inbound", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_inbound_job_key_jobs"), type_="foreignkey")
    for name, columns in _ARCHIVE.items():
        # Columns are made anew at each run: one belongs to one table.
        copies = [
            sa.Column(word.rstrip("?"), kind, nullable=word.endswith("?"), autoincrement=False)
            for word, kind in columns
        ]
        key = sa.PrimaryKeyConstraint("key", name=op.f(f"pk_archived_{name}"))
        op.create_table(f"archived_{name}", *copies, key)
    for index, table, named in _ARCHIVE_INDEXES:
        unique = index in ("jobs_id", "parts_job")
        op.create_index(f"ix_archived_{index}", f"archived_{table}", named, unique=unique)
    words = sa.text("text <> ''")
    op.create_index(
        "ix_archived_jobs_texts",
        "archived_jobs",
        ["accepted_at"],
        unique=False,
        sqlite_where=words,
        postgresql_where=words,
    )


# A question mark: it may be null.
_ARCHIVE: dict[str, list[tuple[str, Any]]] = {
    "jobs": [
        ("key", KEY),
        ("store", WORD),
        ("id", WORD),
        ("digest", sa.LargeBinary(length=32)),
        ("recipient", sa.String()),
        ("text", sa.Text()),
        ("purpose", WORD),
        ("urgency", sa.Integer()),
        ("report", sa.Boolean()),
        ("accepted_at", INSTANT),
        ("not_before", INSTANT),
        ("expires_at", INSTANT),
        ("state", WORD),
        ("seq", sa.Integer()),
        ("stage", WORD),
        ("tries", sa.Integer()),
        ("node?", sa.String()),
        ("line?", sa.String()),
        ("modem?", sa.String()),
        ("reason?", sa.String()),
        ("report_due?", INSTANT),
        ("scope?", sa.String(length=16)),
        ("category?", WORD),
        ("only_line?", WORD),
        ("campaign?", WORD),
        ("lane?", sa.BigInteger()),
        ("held_for?", WORD),
    ],
    "parts": [
        ("key", KEY),
        ("job_key", sa.BigInteger()),
        ("number", sa.Integer()),
        ("tail", sa.String(length=8)),
        ("state", WORD),
        ("line?", sa.String()),
        ("reference?", sa.Integer()),
        ("handed_at?", INSTANT),
        ("status?", sa.Integer()),
        ("settled_at?", INSTANT),
    ],
    "attempts": [
        ("key", KEY),
        ("part_key", sa.BigInteger()),
        ("node", WORD),
        ("line", WORD),
        ("modem", WORD),
        ("repeat", sa.Boolean()),
        ("intended_at", INSTANT),
        ("outcome", WORD),
        ("settled_at?", INSTANT),
        ("reference?", sa.Integer()),
        ("reason?", sa.String()),
    ],
    "reports": [
        ("key", KEY),
        ("fingerprint", sa.LargeBinary(length=32)),
        ("line", WORD),
        ("reference", sa.Integer()),
        ("recipient", sa.String()),
        ("status", sa.Integer()),
        ("received_at", INSTANT),
        ("part_key?", sa.BigInteger()),
    ],
    "carriages": [
        ("key", KEY),
        ("job_key", sa.BigInteger()),
        ("line", WORD),
        ("carried_id?", WORD),
        ("handed_at", INSTANT),
        ("look_at?", INSTANT),
    ],
}
_ARCHIVE_INDEXES = (
    ("jobs_id", "jobs", ["store", "id"]),
    ("jobs_told", "jobs", ["store", "state", "key"]),
    ("jobs_accepted", "jobs", ["accepted_at"]),
    ("parts_job", "parts", ["job_key", "number"]),
    ("parts_tail", "parts", ["tail", "handed_at", "line"]),
    ("attempts_part", "attempts", ["part_key"]),
    ("reports_part", "reports", ["part_key"]),
    ("carriages_job", "carriages", ["job_key"]),
    ("carriages_carried", "carriages", ["carried_id"]),
)
