"""SIMs and modems, and what is known of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    Column,
    Index,
    String,
    Text,
)
from sqlmodel import Field

from gateway.db.columns import Table, instant_column, word_column


class Line(Table, table=True):
    """A SIM that was seen."""

    __tablename__ = "lines"

    id: str = Field(sa_column=Column(String(64), primary_key=True))
    modem: str = word_column()
    """The name of the modem that holds or last held it."""
    seen_at: datetime = instant_column()
    operator: str | None = Field(default=None, sa_column=Column(String(64), nullable=True))
    """The network that it was last in, as the modem names it."""
    home: str | None = Field(default=None, sa_column=Column(String(3), nullable=True))
    """The mobile country code of its home network (ITU-T E.212)."""
    permitted_at: datetime | None = instant_column(nullable=True)
    """When somebody recorded that this SIM may send what needs a permission (SIM-1)."""
    permitted_by: str | None = Field(default=None, sa_column=Column(String(64), nullable=True))
    """Who did."""
    node: str | None = Field(default=None, sa_column=Column(String(64), nullable=True))
    """The gateway that it is in service at; None while at none."""


class LineDay(Table, table=True):
    """What a SIM was handed on one local day, for its daily limits."""

    __tablename__ = "line_days"

    line: str = Field(sa_column=Column(String(64), primary_key=True))
    day: str = Field(sa_column=Column(String(10), primary_key=True))
    """ISO date where the box stands."""
    parts: int
    recipients: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """Different ones, counted while the line has a limit of them."""


class LineUse(Table, table=True):
    """How many parts a SIM was handed in the current minute or hour, for its budgets.

    Days, and months by their days, are counted in `LineDay`.
    """

    __tablename__ = "line_uses"

    line: str = Field(sa_column=Column(String(64), primary_key=True))
    span: str = Field(sa_column=Column(String(8), primary_key=True))
    """``minute`` or ``hour``."""
    begins: datetime = instant_column()
    """Of the last one in which anything was handed over."""
    parts: int


class PersonLine(Table, table=True):
    """The line by which a person knows a store: what comes next goes out on it while it lives."""

    __tablename__ = "person_lines"
    __table_args__ = (Index("ix_person_lines_line", "line"),)

    store: str = Field(sa_column=Column(String(32), primary_key=True))
    person: str = Field(sa_column=Column(String(64), primary_key=True))
    """The pseudonym, as in the ledger of consent."""
    line: str = word_column()
    at: datetime = instant_column()
    """When a message last went out on it."""


class Node(Table, table=True):
    """A gateway on this database."""

    __tablename__ = "nodes"

    name: str = Field(sa_column=Column(String(64), primary_key=True))
    instance: str = word_column()
    """Another at each start, so that two of one name are told apart."""
    started_at: datetime = instant_column()
    seen_at: datetime = instant_column()
    """Its last heartbeat, by the database's clock."""


class Note(Table, table=True):
    """What is known of a modem or a SIM, across restarts."""

    __tablename__ = "notes"

    subject: str = Field(sa_column=Column(String(128), primary_key=True))
    """What it is about, such as ``modem:`` and an IMEI."""
    facts: str = Field(sa_column=Column(Text, nullable=False))
    """A JSON object."""
    noted_at: datetime = instant_column()
