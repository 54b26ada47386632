"""What is sent: jobs, their parts, each handing over, and the reports on them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    Column,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlmodel import Field

from gateway.db.columns import (
    KEYS_RISE,
    Table,
    instant_column,
    key_column,
    reference_column,
    word_column,
)
from gateway.domain.states import JobState, Outcome, PartState, Stage


class LaneRow(Table, table=True):
    """What the jobs of a lane have in common; see `gateway.domain.lane`."""

    __tablename__ = "lanes"
    __table_args__ = (UniqueConstraint("urgency", "store", "campaign", "destination", "network"),)

    key: int | None = key_column()
    urgency: int
    store: str = Field(sa_column=Column(String(32), nullable=False))
    campaign: str = word_column()
    destination: str = Field(sa_column=Column(String(16), nullable=False))
    network: str = word_column()
    reason: str | None = None
    """Why nothing of it goes out; None: it does."""


class Job(Table, table=True):
    """What a store asked for, and how far it has come."""

    __tablename__ = "jobs"
    __table_args__ = (
        UniqueConstraint("store", "id"),
        Index(
            "ix_jobs_ready",
            "lane",
            "held_for",
            "expires_at",
            "key",
            sqlite_where=text("stage = 'ready'"),
            postgresql_where=text("stage = 'ready'"),
        ),
        Index(
            "ix_jobs_overdue",
            "expires_at",
            sqlite_where=text("stage = 'ready'"),
            postgresql_where=text("stage = 'ready'"),
        ),
        Index(
            "ix_jobs_scheduled",
            "not_before",
            sqlite_where=text("stage = 'scheduled'"),
            postgresql_where=text("stage = 'scheduled'"),
        ),
        Index(
            "ix_jobs_put_off",
            "lane",
            sqlite_where=text("stage = 'scheduled'"),
            postgresql_where=text("stage = 'scheduled'"),
        ),
        Index(
            "ix_jobs_claimed",
            "node",
            sqlite_where=text("stage = 'claimed'"),
            postgresql_where=text("stage = 'claimed'"),
        ),
        Index(
            "ix_jobs_silent",
            "report_due",
            sqlite_where=text("stage = 'handed' AND state = 'sent'"),
            postgresql_where=text("stage = 'handed' AND state = 'sent'"),
        ),
        Index(
            "ix_jobs_unsent",
            "recipient",
            sqlite_where=text("stage IN ('ready', 'scheduled')"),
            postgresql_where=text("stage IN ('ready', 'scheduled')"),
        ),
        Index(
            "ix_jobs_told",
            "store",
            "state",
            "key",
            # For who looks at the queue. What nothing was done about yet is left out: intake is
            # spared an entry, and a look finds such jobs at the newest end.
            sqlite_where=text("state <> 'accepted'"),
            postgresql_where=text("state <> 'accepted'"),
        ),
        KEYS_RISE,
    )

    key: int | None = key_column()
    store: str = word_column()
    id: str = word_column()
    digest: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
    """SHA-256 of what was asked for; tells the same job from another under its id."""
    recipient: str
    """E.164."""
    text: str = Field(sa_column=Column(Text, nullable=False))
    purpose: str = word_column()
    urgency: int
    """From the purpose; 0 goes first."""
    report: bool
    accepted_at: datetime = instant_column()
    not_before: datetime = instant_column()
    expires_at: datetime = instant_column()
    state: JobState = word_column()
    seq: int
    """Of the last status."""
    stage: Stage = word_column()
    tries: int = 0
    """How often it was put back after a refusal that is worth another try."""
    node: str | None = None
    """The gateway at work on it."""
    line: str | None = None
    """The SIM its parts went out on; once one has, the others follow on the same."""
    modem: str | None = None
    """The name of the modem that held the line, for the store's eyes."""
    reason: str | None = None
    report_due: datetime | None = instant_column(nullable=True)
    """Until when a final report is waited for; set while one is."""
    scope: str | None = Field(default=None, sa_column=Column(String(16), nullable=True))
    """What it is about, within its purpose; None for the purpose's default."""
    category: str | None = Field(default=None, sa_column=Column(String(64), nullable=True))
    only_line: str | None = Field(default=None, sa_column=Column(String(64), nullable=True))
    """The line that alone may send it: a carrier's, or the SIM that a person wrote to."""
    campaign: str | None = Field(default=None, sa_column=Column(String(64), nullable=True))
    """What the store calls the campaign that it belongs to."""
    lane: int | None = reference_column("lanes.key", nullable=True)
    held_for: str | None = Field(default=None, sa_column=Column(String(64), nullable=True))
    """The line that it waits for, while it waits for a certain one: that on which its parts go out,
    the only one allowed, or the one that the person knows the store by."""


class Part(Table, table=True):
    """One SMS of a job."""

    __tablename__ = "parts"
    __table_args__ = (
        UniqueConstraint("job_key", "number"),
        Index(
            "ix_parts_open",
            "line",
            "reference",
            sqlite_where=text("state IN ('handed', 'sent', 'unconfirmed')"),
            postgresql_where=text("state IN ('handed', 'sent', 'unconfirmed')"),
        ),
        Index(
            "ix_parts_tail",
            "tail",
            "handed_at",
            # Only looked at: a person who wrote on one of several lines had parts on each.
            "line",
            sqlite_where=text("handed_at IS NOT NULL"),
            postgresql_where=text("handed_at IS NOT NULL"),
        ),
        KEYS_RISE,
    )

    key: int | None = key_column()
    job_key: int = reference_column("jobs.key")
    number: int
    """From 1, as in the concatenation header."""
    tail: str = Field(sa_column=Column(String(8), nullable=False))
    """The last digits of the recipient, by which an answer is told to be from this person."""
    state: PartState = word_column()
    line: str | None = None
    reference: int | None = None
    """TP-MR of the last attempt that has one, 0 to 255."""
    handed_at: datetime | None = instant_column(nullable=True)
    """When the last intent was committed."""
    status: int | None = None
    """TP-Status of the last report."""
    settled_at: datetime | None = instant_column(nullable=True)


class Attempt(Table, table=True):
    """One handing over of a part to a modem: the intent first, its outcome later."""

    __tablename__ = "attempts"
    __table_args__ = (
        Index(
            "ix_attempts_open",
            "node",
            sqlite_where=text("outcome = 'open'"),
            postgresql_where=text("outcome = 'open'"),
        ),
        Index(
            "ix_attempts_unknown",
            "line",
            sqlite_where=text("outcome = 'unknown'"),
            postgresql_where=text("outcome = 'unknown'"),
        ),
        KEYS_RISE,
    )

    key: int | None = key_column()
    part_key: int = reference_column("parts.key", index=True)
    node: str = word_column()
    line: str = word_column()
    modem: str = word_column()
    repeat: bool = False
    """Whether TP-RD was set, as on a repeat of an attempt in doubt."""
    intended_at: datetime = instant_column()
    outcome: Outcome = word_column()
    settled_at: datetime | None = instant_column(nullable=True)
    reference: int | None = None
    reason: str | None = None


class Report(Table, table=True):
    """A delivery report as it came, matched to its part or still waiting for it."""

    __tablename__ = "reports"
    __table_args__ = (
        Index(
            "ix_reports_unmatched",
            "line",
            "received_at",
            sqlite_where=text("part_key IS NULL"),
            postgresql_where=text("part_key IS NULL"),
        ),
        Index(
            "ix_reports_part",
            "part_key",
            sqlite_where=text("part_key IS NOT NULL"),
            postgresql_where=text("part_key IS NOT NULL"),
        ),
        KEYS_RISE,
    )

    key: int | None = key_column()
    fingerprint: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False, unique=True))
    """Tells a report that the network repeats."""
    line: str = word_column()
    reference: int
    recipient: str
    """As the network writes it."""
    status: int
    received_at: datetime = instant_column()
    part_key: int | None = reference_column("parts.key", nullable=True)


class SpentJob(Table, table=True):
    """The name of a job that is kept no more: it is known again, and not sent again.

    Nothing in it tells of a person: name and digest are keyed fingerprints.
    """

    __tablename__ = "spent_jobs"

    store: str = Field(sa_column=Column(String(32), primary_key=True))
    name: str = Field(sa_column=Column(String(64), primary_key=True))
    """Of the job's id; `gateway.db.spent`."""
    digest: str = word_column()
    """Tells the same job from another under its id."""
    state: JobState = word_column()
    seq: int
    """Of the last status."""
    total: int
    """Parts; of them ``sent`` and ``delivered``."""
    sent: int
    delivered: int
    reason: str | None = None
    spent_at: datetime = instant_column()


class JobCount(Table, table=True):
    """How many jobs there are of a kind, kept up with each change, so that nobody has to count.

    The sum over all nodes is the figure; each adds and takes away in rows of its own.
    """

    __tablename__ = "job_counts"

    node: str = Field(sa_column=Column(String(64), primary_key=True))
    store: str = Field(sa_column=Column(String(32), primary_key=True))
    purpose: str = Field(sa_column=Column(String(64), primary_key=True))
    day: str = Field(sa_column=Column(String(10), primary_key=True))
    """ISO date, UTC, on which the jobs were accepted."""
    state: str = Field(sa_column=Column(String(64), primary_key=True))
    jobs: int
    parts: int


class DeliveryCount(Table, table=True):
    """How many parts came to what, of jobs that are kept no more."""

    __tablename__ = "delivery_counts"

    store: str = Field(sa_column=Column(String(32), primary_key=True))
    line: str = Field(sa_column=Column(String(64), primary_key=True))
    """Empty where a part was never handed over."""
    day: str = Field(sa_column=Column(String(10), primary_key=True))
    """ISO date, UTC, on which the job was accepted."""
    purpose: str = Field(sa_column=Column(String(64), primary_key=True))
    state: str = Field(sa_column=Column(String(64), primary_key=True))
    """Of the parts."""
    parts: int
