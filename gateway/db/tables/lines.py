"""SIMs and modems, and what is known of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    Column,
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


class LineDay(Table, table=True):
    """What a SIM was handed on one local day, for its daily limits."""

    __tablename__ = "line_days"

    line: str = Field(sa_column=Column(String(64), primary_key=True))
    day: str = Field(sa_column=Column(String(10), primary_key=True))
    """ISO date where the box stands."""
    parts: int
    recipients: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """Different ones, counted while the line has a limit of them."""


class Note(Table, table=True):
    """What is known of a modem or a SIM, across restarts."""

    __tablename__ = "notes"

    subject: str = Field(sa_column=Column(String(128), primary_key=True))
    """What it is about, such as ``modem:`` and an IMEI."""
    facts: str = Field(sa_column=Column(Text, nullable=False))
    """A JSON object."""
    noted_at: datetime = instant_column()
