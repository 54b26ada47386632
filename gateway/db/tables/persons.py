"""Persons: what they allow, what stores told of them, and what models advise."""

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

from gateway.db.columns import Table, instant_column, key_column, text_column, word_column


class ConsentRow(Table, table=True):
    """A change of what a person allows. Rows are added and never changed (COMPLIANCE.md G-1).

    Each holds the hash of the one before, over all stores. What may have to go after its time, the
    payload, is in the hash by its digest alone, so that the chain holds without it.
    """

    __tablename__ = "consent_events"
    __table_args__ = (
        Index("ix_consent_events_person", "person", "store"),
        Index(
            "ix_consent_events_eventful",
            "store",
            "person",
            sqlite_where=text("action <> 'granted'"),
            postgresql_where=text("action <> 'granted'"),
        ),
    )

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
    first_name: str | None = Field(default=None, sa_column=Column(String(64), nullable=True))
    birthday: str | None = Field(default=None, sa_column=Column(String(5), nullable=True))
    """Month and day, as ``11-26``; the year is not kept."""
    joined_at: datetime | None = instant_column(nullable=True)
    """Since when the store knows the person."""
    changed_at: datetime = instant_column()
    active_at: datetime | None = instant_column(nullable=True)
    """When the person last did something, as far as what shows it is kept no more."""
    told_at: str | None = text_column()
    """A JSON object: of what stands here, when each was told by an event."""


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
    send_hour: int | None = None
    """See `gateway.domain.score.send_hour`; a question to the database can go by it."""
    buy_again: str = Field(sa_column=Column(Text, nullable=False))
    """A JSON list."""
    new_for_you: str = Field(sa_column=Column(Text, nullable=False))
    """A JSON list."""
    uplift: float | None = None
    horizon_days: int
    model_id: str = Field(sa_column=Column(Text, nullable=False))
    made_at: datetime = instant_column()
