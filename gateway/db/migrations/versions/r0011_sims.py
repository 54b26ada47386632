"""Which country a SIM is from, who permitted it to send, and how many persons it wrote to.

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("lines", schema=None) as batch_op:
        batch_op.add_column(sa.Column("home", sa.String(length=3), nullable=True))
        batch_op.add_column(sa.Column("permitted_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("permitted_by", sa.String(length=64), nullable=True))
    with op.batch_alter_table("line_days", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("recipients", sa.Integer(), server_default="0", nullable=False)
        )
