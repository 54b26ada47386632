"""What the models advise about persons.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "scores",
        sa.Column("store", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("churn", sa.Float(), nullable=True),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("value_low", sa.Float(), nullable=True),
        sa.Column("value_high", sa.Float(), nullable=True),
        sa.Column("next_order_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hours", sa.LargeBinary(), nullable=False),
        sa.Column("best_hours", sa.String(length=64), nullable=False),
        sa.Column("buy_again", sa.Text(), nullable=False),
        sa.Column("new_for_you", sa.Text(), nullable=False),
        sa.Column("uplift", sa.Float(), nullable=True),
        sa.Column("horizon_days", sa.Integer(), nullable=False),
        sa.Column("model_id", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("store", "person_id", name=op.f("pk_scores")),
    )
    op.create_index("ix_scores_made_at", "scores", ["made_at"], unique=False)
