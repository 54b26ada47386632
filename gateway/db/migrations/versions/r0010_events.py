"""Events of stores: which were taken, and what a store calls a person.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("persons", schema=None) as batch_op:
        batch_op.add_column(sa.Column("customer", sa.String(length=128), nullable=True))
        batch_op.create_index("ix_persons_customer", ["store", "customer"], unique=False)
    op.create_table(
        "taken_events",
        sa.Column("store", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("store", "name", name=op.f("pk_taken_events")),
    )
