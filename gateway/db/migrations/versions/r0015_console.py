"""Users, sessions, tokens, the audit log, alarms, samples, loop tests, epochs and held jobs.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORD = sa.String(length=64)
INSTANT = sa.DateTime(timezone=True)
DIGEST = sa.LargeBinary(length=32)


def upgrade() -> None:
    """Forward."""
    _add_users()
    _add_user_sessions()
    _add_invitations()
    _add_api_tokens()
    _add_audit_entries()
    _add_request_answers()
    _add_alarms()
    _add_samples()
    _add_loop_tests()
    _add_epochs()
    _add_held_jobs()


def _add_users() -> None:
    op.create_table(
        "users",
        sa.Column("key", KEY, nullable=False),
        sa.Column("name", WORD, nullable=False),
        sa.Column("role", WORD, nullable=False),
        sa.Column("password", sa.Text(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=True),
        sa.Column("disabled_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_users")),
        sa.UniqueConstraint("name", name=op.f("uq_users_name")),
        sqlite_autoincrement=True,
    )


def _add_user_sessions() -> None:
    op.create_table(
        "user_sessions",
        sa.Column("digest", DIGEST, nullable=False),
        sa.Column("user", sa.BigInteger(), nullable=False),
        sa.Column("began_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["user"], ["users.key"], name=op.f("fk_user_sessions_user_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_user_sessions")),
    )
    op.create_index("ix_user_sessions_user", "user_sessions", ["user"], unique=False)


def _add_invitations() -> None:
    op.create_table(
        "invitations",
        sa.Column("digest", DIGEST, nullable=False),
        sa.Column("user", sa.BigInteger(), nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_invitations")),
    )


def _add_api_tokens() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("id", WORD, nullable=False),
        sa.Column("digest", DIGEST, nullable=False),
        sa.Column("name", WORD, nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("store", sa.String(length=32), nullable=True),
        sa.Column("made_by", WORD, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=True),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
    )


def _add_audit_entries() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("key", KEY, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor", WORD, nullable=False),
        sa.Column("action", WORD, nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("result", WORD, nullable=False),
        sa.Column("details", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_audit_entries")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_entries_at", "audit_entries", ["at"], unique=False)
    op.create_index("ix_audit_entries_subject", "audit_entries", ["subject"], unique=False)


def _add_request_answers() -> None:
    op.create_table(
        "request_answers",
        sa.Column("token", WORD, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("digest", DIGEST, nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("token", "name", name=op.f("pk_request_answers")),
    )
    op.create_index("ix_request_answers_at", "request_answers", ["at"], unique=False)


def _add_alarms() -> None:
    op.create_table(
        "alarms",
        sa.Column("key", KEY, nullable=False),
        sa.Column("node", WORD, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("subject", WORD, nullable=False),
        sa.Column("severity", WORD, nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("began_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("told_at", INSTANT, nullable=True),
        sa.Column("told_end_at", INSTANT, nullable=True),
        sa.Column("acknowledged_by", WORD, nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_alarms")),
        sqlite_autoincrement=True,
    )
    where = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_alarms_open",
        "alarms",
        ["node", "kind", "subject"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )
    op.create_index("ix_alarms_began_at", "alarms", ["began_at"], unique=False)


def _add_samples() -> None:
    op.create_table(
        "samples",
        sa.Column("series", WORD, nullable=False),
        sa.Column("span", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject", WORD, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("node", WORD, nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.Float(), nullable=False),
        sa.Column("least", sa.Float(), nullable=True),
        sa.Column("most", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("series", "span", "subject", "at", "node", name=op.f("pk_samples")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_samples_age", "samples", ["span", "at"], unique=False)


def _add_loop_tests() -> None:
    op.create_table(
        "loop_tests",
        sa.Column("key", KEY, nullable=False),
        sa.Column("code", WORD, nullable=False),
        sa.Column("from_line", WORD, nullable=False),
        sa.Column("to_line", WORD, nullable=False),
        sa.Column("sent_at", INSTANT, nullable=False),
        sa.Column("arrived_at", INSTANT, nullable=True),
        sa.Column("lost_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_loop_tests")),
        sa.UniqueConstraint("code", name=op.f("uq_loop_tests_code")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_loop_tests_sent_at", "loop_tests", ["sent_at"], unique=False)


def _add_epochs() -> None:
    op.create_table(
        "epochs",
        sa.Column("key", KEY, nullable=False),
        sa.Column("id", WORD, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("began_at", INSTANT, nullable=False),
        sa.Column("copied_at", INSTANT, nullable=True),
        sa.Column("released_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_epochs")),
        sa.UniqueConstraint("id", name=op.f("uq_epochs_id")),
        sqlite_autoincrement=True,
    )


def _add_held_jobs() -> None:
    op.create_table(
        "held_jobs",
        sa.Column("job", sa.BigInteger(), nullable=False),
        sa.Column("not_before", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["job"], ["jobs.key"], name=op.f("fk_held_jobs_job_jobs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("job", name=op.f("pk_held_jobs")),
    )
