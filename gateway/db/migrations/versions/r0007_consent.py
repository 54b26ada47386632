"""The ledger of consent, what stores told of persons, and what a job is about.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    _add_ledger()
    _add_persons()
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("scope", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("category", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("only_line", sa.String(length=64), nullable=True))
    ready = sa.text("stage = 'ready'")
    op.drop_index("ix_jobs_ready", table_name="jobs")
    op.create_index(
        "ix_jobs_ready",
        "jobs",
        ["urgency", "expires_at", "key", "line", "recipient", "only_line"],
        unique=False,
        sqlite_where=ready,
        postgresql_where=ready,
    )
    unsent = sa.text("stage IN ('ready', 'scheduled')")
    op.create_index(
        "ix_jobs_unsent",
        "jobs",
        ["recipient"],
        unique=False,
        sqlite_where=unsent,
        postgresql_where=unsent,
    )


def _add_ledger() -> None:
    op.create_table(
        "consent_events",
        sa.Column("key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("store", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", sa.Text(), nullable=True),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("previous", sa.LargeBinary(length=32), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_consent_events")),
        sa.UniqueConstraint("previous", name=op.f("uq_consent_events_previous")),
    )
    op.create_index("ix_consent_events_person", "consent_events", ["person", "store"], unique=False)


def _add_persons() -> None:
    op.create_table(
        "persons",
        sa.Column("store", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("postal_code", sa.String(length=16), nullable=True),
        sa.Column("timezone", sa.String(length=64), nullable=True),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("minor", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("store", "person", name=op.f("pk_persons")),
    )
    op.create_index("ix_persons_number", "persons", ["number"], unique=False)
