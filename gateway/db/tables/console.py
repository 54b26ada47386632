"""Who may look and act, what they did, and what the box measured of itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    text,
)
from sqlmodel import Field

from gateway.db.columns import (
    KEYS_RISE,
    Table,
    UtcDateTime,
    instant_column,
    key_column,
    reference_column,
    text_column,
    word_column,
)


def _digest() -> bytes:
    """Return the SHA-256 of a secret as a primary key; the secret itself is nowhere."""
    column = Column(LargeBinary(32), primary_key=True)
    return Field(sa_column=column)  # type: ignore[no-any-return]


class User(Table, table=True):
    """Who works with the console."""

    __tablename__ = "users"
    __table_args__ = (KEYS_RISE,)

    key: int | None = key_column()
    name: str = word_column(unique=True)
    role: str = word_column()
    """`viewer`, `agent`, `operator` or `admin`."""
    password: str | None = text_column()
    """Argon2id in its own notation; None until the one-time link is followed."""
    created_at: datetime = instant_column()
    seen_at: datetime | None = instant_column(nullable=True)
    """When they last signed in."""
    disabled_at: datetime | None = instant_column(nullable=True)


class UserSession(Table, table=True):
    """A browser that somebody signed in with; revoked by its deletion."""

    __tablename__ = "user_sessions"

    digest: bytes = _digest()
    """Of the cookie."""
    user: int = reference_column("users.key", index=True, owned=True)
    began_at: datetime = instant_column()
    seen_at: datetime = instant_column()
    ends_at: datetime = instant_column()
    """At the latest, however much it is used."""


class Invitation(Table, table=True):
    """A link that sets a password, once: for the first start, a new user, a forgotten password."""

    __tablename__ = "invitations"

    digest: bytes = _digest()
    """Of what the link holds."""
    user: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    """Whose password it sets; None: of the first user, who chooses a name."""
    made_at: datetime = instant_column()
    ends_at: datetime = instant_column()


class ApiToken(Table, table=True):
    """What a program shows when it asks for something over HTTP."""

    __tablename__ = "api_tokens"

    id: str = word_column(primary_key=True)
    """The part of it that may be shown, ``shopbell_<id>_<secret>``."""
    digest: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
    """SHA-256 of the secret."""
    name: str = word_column()
    """What it is for."""
    scopes: str = text_column(nullable=False)
    """Words with a space between them."""
    store: str | None = Field(default=None, sa_column=Column(String(32), nullable=True))
    """It speaks for this store alone; None: for all."""
    made_by: str = word_column()
    made_at: datetime = instant_column()
    ends_at: datetime | None = instant_column(nullable=True)
    used_at: datetime | None = instant_column(nullable=True)
    """About; written at most once in some minutes."""
    revoked_at: datetime | None = instant_column(nullable=True)


class AuditEntry(Table, table=True):
    """Something that somebody did, or tried to, which others may ask about."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_at", "at"),
        Index("ix_audit_entries_subject", "subject"),
        KEYS_RISE,
    )

    key: int | None = key_column()
    at: datetime = instant_column()
    actor: str = word_column()
    """`user:NAME`, `token:ID`, `command`, `stranger` or `gateway`."""
    action: str = word_column()
    """Such as `campaign.launch`."""
    subject: str | None = text_column()
    """What it was done to; of a person the pseudonym, never a number."""
    result: str = word_column()
    """`done`, or the code of why not."""
    details: str | None = text_column()
    """A JSON object."""


class RequestAnswer(Table, table=True):
    """What a request with an `Idempotency-Key` was answered; the same again gets the same."""

    __tablename__ = "request_answers"
    __table_args__ = (Index("ix_request_answers_at", "at"),)

    token: str = word_column(primary_key=True)
    """Who asked: a token's id, or a user."""
    name: str = Field(sa_column=Column(String(255), primary_key=True))
    """A fingerprint of the key, the method and the path."""
    digest: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
    """Of what was asked; another under the same key is refused."""
    status: int | None = None
    """None while it is being done."""
    body: str | None = text_column()
    at: datetime = instant_column()


class AlarmRow(Table, table=True):
    """An alarm, from when it came on to when it went off."""

    __tablename__ = "alarms"
    __table_args__ = (
        Index(
            "ix_alarms_open",
            "node",
            "kind",
            "subject",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_alarms_began_at", "began_at"),
        KEYS_RISE,
    )

    key: int | None = key_column()
    node: str = word_column()
    kind: str = word_column()
    subject: str = word_column()
    """Which modem, carrier or disk; empty: the box."""
    severity: str = word_column()
    """`warning` or `critical`."""
    detail: str = text_column(nullable=False)
    """A sentence: what is wrong and what would help. No number of a person."""
    began_at: datetime = instant_column()
    ended_at: datetime | None = instant_column(nullable=True)
    told_at: datetime | None = instant_column(nullable=True)
    """When somebody was last told of it."""
    told_end_at: datetime | None = instant_column(nullable=True)
    acknowledged_by: str | None = Field(default=None, sa_column=Column(String(64), nullable=True))


class Sample(Table, table=True):
    """What was measured in a span of time, for the pictures: throughput, delays, signal."""

    __tablename__ = "samples"
    # By the key alone: there are hundreds of thousands, and each would hold its key twice.
    __table_args__ = (Index("ix_samples_age", "span", "at"), {"sqlite_with_rowid": False})

    # In this order the key is the index by which a picture is read.
    series: str = word_column(primary_key=True)
    """Such as `sent` or `report_delay`."""
    span: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    """Seconds: 60, or 3600."""
    subject: str = word_column(primary_key=True)
    """Which line or store; empty: all together."""
    at: datetime = Field(sa_column=Column(UtcDateTime, primary_key=True))
    """When it began; UTC."""
    node: str = word_column(primary_key=True)
    count: int = Field(sa_column=Column(BigInteger, nullable=False))
    total: float = Field(sa_column=Column(Float, nullable=False))
    """The sum; with the count, the mean."""
    least: float | None = None
    most: float | None = None


class LoopTest(Table, table=True):
    """A message that one own line sent to another, to see whether and how fast it comes."""

    __tablename__ = "loop_tests"
    __table_args__ = (Index("ix_loop_tests_sent_at", "sent_at"), KEYS_RISE)

    key: int | None = key_column()
    code: str = word_column(unique=True)
    """What the message says, by which it is known."""
    from_line: str = word_column()
    to_line: str = word_column()
    sent_at: datetime = instant_column()
    arrived_at: datetime | None = instant_column(nullable=True)
    lost_at: datetime | None = instant_column(nullable=True)
    """When it was given up."""


class Epoch(Table, table=True):
    """A life of this database: its own since it was made, and one for each restored copy."""

    __tablename__ = "epochs"
    __table_args__ = (KEYS_RISE,)

    key: int | None = key_column()
    id: str = word_column(unique=True)
    """Random."""
    kind: str = word_column()
    """`made`, `copy` (a backup that nobody restored yet) or `restored`."""
    began_at: datetime = instant_column()
    copied_at: datetime | None = instant_column(nullable=True)
    """Of a copy: up to when it knows what happened."""
    released_at: datetime | None = instant_column(nullable=True)
    """When the operator let go what waited in a restored copy."""


class HeldJob(Table, table=True):
    """A job that waits in a restored copy until the operator says what shall become of it."""

    __tablename__ = "held_jobs"

    job: int = Field(
        sa_column=Column(BigInteger, ForeignKey("jobs.key", ondelete="CASCADE"), primary_key=True)
    )
    not_before: datetime = instant_column()
    """From when on it may go out, but for that."""
