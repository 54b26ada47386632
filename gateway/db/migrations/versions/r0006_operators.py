"""The network that a line was last in.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("lines", schema=None) as batch_op:
        batch_op.add_column(sa.Column("operator", sa.String(length=64), nullable=True))
