"""The tables, as SQLModel classes. Statements on them are Core; they are nowhere else declared.

Every instant is UTC and aware on the way in and on the way out. States are stored as their words,
so that a person with a database browser can read them.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

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

from gateway.db import carrier_tables  # noqa: F401 -- declares tables of the same metadata
from gateway.db.columns import Table, instant_column, key_column, reference_column, word_column
from gateway.domain.inbound import InboundKind, InboundState
from gateway.domain.states import JobState, Outcome, PartState, Stage


class Job(Table, table=True):
    """What a store asked for, and how far it has come."""

    __tablename__ = "jobs"
    __table_args__ = (
        UniqueConstraint("store", "id"),
        Index(
            "ix_jobs_ready",
            "urgency",
            "expires_at",
            "key",
            # Only looked at: a line that serves few of many would else read every row of them.
            "line",
            "recipient",
            "only_line",
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


class Inbound(Table, table=True):
    """A message that came in, whole or with parts that are still missing."""

    __tablename__ = "inbound"
    __table_args__ = (
        Index("ix_inbound_sender", "sender", "reference", "received_at"),
        Index(
            "ix_inbound_job",
            "job_key",
            sqlite_where=text("job_key IS NOT NULL"),
            postgresql_where=text("job_key IS NOT NULL"),
        ),
        Index(
            "ix_inbound_open",
            "received_at",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index(
            "ix_inbound_held",
            "key",
            sqlite_where=text("state = 'held'"),
            postgresql_where=text("state = 'held'"),
        ),
    )

    key: int | None = key_column()
    id: str = word_column(unique=True)
    """What stores know it by."""
    line: str = word_column()
    modem: str | None = None
    """The name of the modem that held the line, where that was known."""
    sender: str | None = None
    """E.164 where that can be told."""
    reference: int | None = None
    """Of the concatenation header; None for a message of one part."""
    width: int | None = None
    """Bits of the reference."""
    total: int
    """Parts of the whole."""
    state: InboundState = word_column()
    kind: InboundKind | None = Field(default=None, sa_column=Column(String(64), nullable=True))
    """None while parts are missing."""
    gapped: bool = False
    """Whether it was finished without all of its parts."""
    text: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    job_key: int | None = reference_column("jobs.key", nullable=True)
    """The job that it was taken for an answer to."""
    received_at: datetime = instant_column()
    """When its first part was kept."""
    closed_at: datetime | None = instant_column(nullable=True)


class InboundPart(Table, table=True):
    """One SMS that came in, on disk before it is deleted from the SIM."""

    __tablename__ = "inbound_parts"
    __table_args__ = (Index("ix_inbound_parts_fingerprint", "fingerprint", "received_at"),)

    key: int | None = key_column()
    message_key: int = reference_column("inbound.key", index=True)
    fingerprint: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
    """Tells one that the network or the modem gives again."""
    digest: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
    """SHA-256 of what it says; tells one part from another of the same place."""
    place: int
    """From 1, as in the concatenation header."""
    pdu: str = Field(sa_column=Column(Text, nullable=False))
    """As it came: hex, unless the modem is broken; empty where no modem brought it."""
    text: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    """What it says, where a carrier brought it and no PDU."""
    length: int | None = None
    """Octets of the TPDU, where the modem told."""
    sent_at: datetime | None = instant_column(nullable=True)
    """When the service centre took it, by its own clock."""
    received_at: datetime = instant_column()


class Outgoing(Table, table=True):
    """What is still to be published; deleted when the broker has it.

    Keys only rise, also when the table was empty in between: the publisher remembers the last.
    """

    __tablename__ = "outbox"
    __table_args__: ClassVar[dict[str, bool]] = {"sqlite_autoincrement": True}

    key: int | None = key_column()
    store: str = word_column()
    kind: str = word_column()
    """The last topic level: ``status``, ``rejected``, ``inbound``."""
    body: str = Field(sa_column=Column(Text, nullable=False))


class Line(Table, table=True):
    """A SIM that was seen."""

    __tablename__ = "lines"

    id: str = Field(sa_column=Column(String(64), primary_key=True))
    modem: str = word_column()
    """The name of the modem that holds or last held it."""
    seen_at: datetime = instant_column()
    operator: str | None = Field(default=None, sa_column=Column(String(64), nullable=True))
    """The network that it was last in, as the modem names it."""


class LineDay(Table, table=True):
    """What a SIM was handed on one local day, for its daily limit."""

    __tablename__ = "line_days"

    line: str = Field(sa_column=Column(String(64), primary_key=True))
    day: str = Field(sa_column=Column(String(10), primary_key=True))
    """ISO date where the box stands."""
    parts: int


class Note(Table, table=True):
    """What is known of a modem or a SIM, across restarts."""

    __tablename__ = "notes"

    subject: str = Field(sa_column=Column(String(128), primary_key=True))
    """What it is about, such as ``modem:`` and an IMEI."""
    facts: str = Field(sa_column=Column(Text, nullable=False))
    """A JSON object."""
    noted_at: datetime = instant_column()


class ScoreRow(Table, table=True):
    """What the models advise about a person of a store."""

    __tablename__ = "scores"
    __table_args__ = (Index("ix_scores_made_at", "made_at"),)

    store: str = Field(sa_column=Column(String(32), primary_key=True))
    person_id: str = Field(sa_column=Column(String(64), primary_key=True))
    """The pseudonym, as in the lake."""
    churn: float | None = None
    value: float | None = None
    value_low: float | None = None
    value_high: float | None = None
    next_order_at: datetime | None = instant_column(nullable=True)
    hours: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """See `gateway.domain.score.pack_hours`."""
    best_hours: str = word_column()
    buy_again: str = Field(sa_column=Column(Text, nullable=False))
    """A JSON list."""
    new_for_you: str = Field(sa_column=Column(Text, nullable=False))
    """A JSON list."""
    uplift: float | None = None
    horizon_days: int
    model_id: str = Field(sa_column=Column(Text, nullable=False))
    made_at: datetime = instant_column()


class ConsentRow(Table, table=True):
    """A change of what a person allows. Rows are added and never changed (COMPLIANCE.md G-1).

    Each holds the hash of the one before, over all stores. What may have to go after its time, the
    payload, is in the hash by its digest alone, so that the chain holds without it.
    """

    __tablename__ = "consent_events"
    __table_args__ = (Index("ix_consent_events_person", "person", "store"),)

    key: int | None = key_column()
    store: str = Field(sa_column=Column(String(32), nullable=False))
    person: str = word_column()
    """The pseudonym, as in the lake; never a number."""
    purpose: str = word_column()
    action: str = word_column()
    at: datetime = instant_column()
    recorded_at: datetime = instant_column()
    payload: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    """A JSON object; None when it was pruned."""
    digest: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
    """SHA-256 of the payload."""
    previous: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False, unique=True))
    """The hash of the row before; unique, so that the chain cannot fork."""
    hash: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))


class PersonRow(Table, table=True):
    """What a store told of a person, for the rules that depend on where and who they are."""

    __tablename__ = "persons"
    __table_args__ = (
        Index("ix_persons_number", "number"),
        Index("ix_persons_customer", "store", "customer"),
    )

    store: str = Field(sa_column=Column(String(32), primary_key=True))
    person: str = Field(sa_column=Column(String(64), primary_key=True))
    number: str = Field(sa_column=Column(String(32), nullable=False))
    """E.164."""
    customer: str | None = Field(default=None, sa_column=Column(String(128), nullable=True))
    """What the store calls the person."""
    country: str | None = Field(default=None, sa_column=Column(String(2), nullable=True))
    """ISO 3166 alpha-2."""
    postal_code: str | None = Field(default=None, sa_column=Column(String(16), nullable=True))
    timezone: str | None = Field(default=None, sa_column=Column(String(64), nullable=True))
    """IANA."""
    language: str | None = Field(default=None, sa_column=Column(String(35), nullable=True))
    """BCP 47."""
    minor: bool = False
    """Whether the store says that the person is too young to be marketed to (G-18)."""
    changed_at: datetime = instant_column()
    active_at: datetime | None = instant_column(nullable=True)
    """When the person last wrote, as far as the message itself is kept no more."""


class TakenEvent(Table, table=True):
    """An event of a store that was taken: its name and a digest, and nothing that it said."""

    __tablename__ = "taken_events"

    store: str = Field(sa_column=Column(String(32), primary_key=True))
    name: str = Field(sa_column=Column(String(64), primary_key=True))
    """A keyed fingerprint of its source and id."""
    digest: str = word_column()
    """A keyed fingerprint of what it said."""
    taken_at: datetime = instant_column()


class Erasure(Table, table=True):
    """Somebody who is being erased; the row goes as the last of it (COMPLIANCE.md G-7).

    It holds the number for as long as the work takes, so that a restart does not forget it.
    """

    __tablename__ = "erasures"
    __table_args__ = (UniqueConstraint("store", "number"),)

    key: int | None = key_column()
    store: str = Field(sa_column=Column(String(32), nullable=False))
    person: str = word_column()
    """The pseudonym."""
    number: str = Field(sa_column=Column(String(32), nullable=False))
    """E.164."""
    requested_at: datetime = instant_column()


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


JOBS = Table.metadata.tables["jobs"]
PARTS = Table.metadata.tables["parts"]
ATTEMPTS = Table.metadata.tables["attempts"]
REPORTS = Table.metadata.tables["reports"]
INBOUND = Table.metadata.tables["inbound"]
INBOUND_PARTS = Table.metadata.tables["inbound_parts"]
OUTBOX = Table.metadata.tables["outbox"]
LINES = Table.metadata.tables["lines"]
LINE_DAYS = Table.metadata.tables["line_days"]
NOTES = Table.metadata.tables["notes"]
SCORES = Table.metadata.tables["scores"]
CONSENT_EVENTS = Table.metadata.tables["consent_events"]
PERSONS = Table.metadata.tables["persons"]
TAKEN_EVENTS = Table.metadata.tables["taken_events"]
ERASURES = Table.metadata.tables["erasures"]
SPENT_JOBS = Table.metadata.tables["spent_jobs"]
DELIVERY_COUNTS = Table.metadata.tables["delivery_counts"]
CARRIAGES = Table.metadata.tables["carriages"]
CARRIER_RECEIPTS = Table.metadata.tables["carrier_receipts"]
