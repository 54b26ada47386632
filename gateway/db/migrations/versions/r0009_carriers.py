"""What goes out and comes in by carriers.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    _add_carriages()
    op.create_table(
        "carrier_receipts",
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("carried_id", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("line", "carried_id", name=op.f("pk_carrier_receipts")),
    )
    with op.batch_alter_table("inbound_parts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("text", sa.Text(), nullable=True))


def _add_carriages() -> None:
    op.create_table(
        "carriages",
        sa.Column("key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("job_key", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("carried_id", sa.String(length=64), nullable=True),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["job_key"],
            ["jobs.key"],
            name=op.f("fk_carriages_job_key_jobs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_carriages")),
    )
    op.create_index("ix_carriages_job_key", "carriages", ["job_key"], unique=False)
    op.create_index("ix_carriages_carried_id", "carriages", ["carried_id"], unique=False)
    is_open = sa.text("look_at IS NOT NULL")
    op.create_index(
        "ix_carriages_open",
        "carriages",
        ["line", "look_at"],
        unique=False,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
