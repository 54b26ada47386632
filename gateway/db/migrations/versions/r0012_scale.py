"""Lanes of the queue, budgets of lines, the line that a person knows, nodes, and counts of jobs.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

WORD = sa.String(length=64)
STORE = sa.String(length=32)
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Forward."""
    _add_lanes()
    _add_lines()
    _add_counts()
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
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("campaign", WORD, nullable=True))
        batch_op.add_column(sa.Column("lane", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("held_for", WORD, nullable=True))
        batch_op.create_foreign_key(op.f("fk_jobs_lane_lanes"), "lanes", ["lane"], ["key"])


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
