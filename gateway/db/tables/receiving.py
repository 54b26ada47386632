"""What comes in, and what is still to be published."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    LargeBinary,
    String,
    Text,
    text,
)
from sqlmodel import Field

from gateway.db.columns import Table, instant_column, key_column, reference_column, word_column
from gateway.domain.inbound import InboundKind, InboundState


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
    job_key: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    """The job that it was taken for an answer to; it may be in the archive by now."""
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
