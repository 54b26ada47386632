"""The rights of a person and the end of what is kept: erasures, names and counts of jobs that went.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("persons", schema=None) as batch_op:
        batch_op.add_column(sa.Column("active_at", sa.DateTime(timezone=True), nullable=True))
    _index_references()
    _add_erasures()
    _add_spent_jobs()
    _add_counts()


def _index_references() -> None:
    """Without them each job that goes would have SQLite read every report and every reply."""
    for name, table, column in (
        ("ix_reports_part", "reports", "part_key"),
        ("ix_inbound_job", "inbound", "job_key"),
    ):
        given = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            name, table, [column], unique=False, sqlite_where=given, postgresql_where=given
        )


def _add_erasures() -> None:
    op.create_table(
        "erasures",
        sa.Column("key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("store", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_erasures")),
        sa.UniqueConstraint("store", "number", name=op.f("uq_erasures_store_number")),
    )


def _add_spent_jobs() -> None:
    op.create_table(
        "spent_jobs",
        sa.Column("store", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("delivered", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("spent_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("store", "name", name=op.f("pk_spent_jobs")),
    )


def _add_counts() -> None:
    op.create_table(
        "delivery_counts",
        sa.Column("store", sa.String(length=32), nullable=False),
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "store", "line", "day", "purpose", "state", name=op.f("pk_delivery_counts")
        ),
    )
