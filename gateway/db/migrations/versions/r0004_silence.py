"""Until when a delivery report is waited for.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("report_due", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(
            "ix_jobs_silent",
            ["report_due"],
            unique=False,
            sqlite_where=sa.text("stage = 'handed' AND state = 'sent'"),
            postgresql_where=sa.text("stage = 'handed' AND state = 'sent'"),
        )
