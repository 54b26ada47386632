"""Messages that came in, apart from the parts they came in; and whom an answer answers.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Forward."""
    _tell_parts_by_recipient()
    _keep_parts_apart()
    _make_messages()


def _tell_parts_by_recipient() -> None:
    """Write the last digits of the recipient beside each part."""
    with op.batch_alter_table("parts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tail", sa.String(length=8), nullable=True))
    digits = "replace(recipient, '+', '')"
    sqlite = op.get_bind().dialect.name == "sqlite"
    tail = f"substr({digits}, -8)" if sqlite else f"right({digits}, 8)"
    op.execute(
        f"UPDATE parts SET tail = (SELECT {tail} FROM jobs WHERE jobs.key = parts.job_key)"  # noqa: S608
    )
    with op.batch_alter_table("parts", schema=None) as batch_op:
        batch_op.alter_column("tail", existing_type=sa.String(length=8), nullable=False)
        batch_op.create_index(
            "ix_parts_tail",
            ["tail", "handed_at", "line"],
            unique=False,
            sqlite_where=sa.text("handed_at IS NOT NULL"),
            postgresql_where=sa.text("handed_at IS NOT NULL"),
        )


def _keep_parts_apart() -> None:
    """Move each SMS that is there into a row of its own, under a message of the same key."""
    op.create_table(
        "inbound_parts",
        sa.Column("key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("message_key", sa.BigInteger(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(length=32), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("pdu", sa.Text(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=True),
        sa.Column("sent_at", _INSTANT, nullable=True),
        sa.Column("received_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["message_key"], ["inbound.key"], name=op.f("fk_inbound_parts_message_key_inbound")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_inbound_parts")),
    )
    op.execute(
        "INSERT INTO inbound_parts (message_key, fingerprint, digest, place, pdu, received_at) "
        "SELECT key, fingerprint, fingerprint, 1, pdu, received_at FROM inbound ORDER BY key"
    )
    with op.batch_alter_table("inbound_parts", schema=None) as batch_op:
        batch_op.create_index(
            "ix_inbound_parts_fingerprint", ["fingerprint", "received_at"], unique=False
        )
        batch_op.create_index("ix_inbound_parts_message_key", ["message_key"], unique=False)


def _make_messages() -> None:
    """Make a message of each that is there; none was told to a store, so that all wait for one."""
    with op.batch_alter_table("inbound", schema=None) as batch_op:
        batch_op.add_column(sa.Column("id", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("modem", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("reference", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("width", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("total", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("state", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("kind", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("gapped", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("job_key", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("closed_at", _INSTANT, nullable=True))
    sqlite = op.get_bind().dialect.name == "sqlite"
    name = "lower(hex(fingerprint))" if sqlite else "encode(fingerprint, 'hex')"
    op.execute(
        f"UPDATE inbound SET id = {name}, total = 1, state = 'held', gapped = false, "  # noqa: S608
        "kind = CASE WHEN text IS NULL THEN 'unreadable' ELSE 'text' END, closed_at = received_at"
    )
    with op.batch_alter_table("inbound", schema=None) as batch_op:
        batch_op.alter_column("id", existing_type=sa.String(length=64), nullable=False)
        batch_op.alter_column("total", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("state", existing_type=sa.String(length=64), nullable=False)
        batch_op.alter_column("gapped", existing_type=sa.Boolean(), nullable=False)
        batch_op.drop_constraint(op.f("uq_inbound_fingerprint"), type_="unique")
        batch_op.drop_column("fingerprint")
        batch_op.drop_column("pdu")
        batch_op.create_unique_constraint(op.f("uq_inbound_id"), ["id"])
        batch_op.create_foreign_key(op.f("fk_inbound_job_key_jobs"), "jobs", ["job_key"], ["key"])
        batch_op.create_index(
            "ix_inbound_sender", ["sender", "reference", "received_at"], unique=False
        )
        batch_op.create_index(
            "ix_inbound_open",
            ["received_at"],
            unique=False,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.create_index(
            "ix_inbound_held",
            ["key"],
            unique=False,
            sqlite_where=sa.text("state = 'held'"),
            postgresql_where=sa.text("state = 'held'"),
        )
