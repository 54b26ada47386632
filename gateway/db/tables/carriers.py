"""The tables of what goes by carriers; `gateway.db.tables` gives them to others."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Index, String, text
from sqlmodel import Field

from gateway.db.columns import (
    KEYS_RISE,
    Table,
    instant_column,
    key_column,
    reference_column,
    word_column,
)


class Carriage(Table, table=True):
    """A job that was handed to a carrier, and what the carrier calls it."""

    __tablename__ = "carriages"
    __table_args__ = (
        Index("ix_carriages_carried_id", "carried_id"),
        Index(
            "ix_carriages_open",
            "line",
            "look_at",
            sqlite_where=text("look_at IS NOT NULL"),
            postgresql_where=text("look_at IS NOT NULL"),
        ),
        KEYS_RISE,
    )

    key: int | None = key_column()
    job_key: int = reference_column("jobs.key", index=True, owned=True)
    line: str = word_column()
    carried_id: str | None = Field(default=None, sa_column=Column(String(64), nullable=True))
    """None while nobody knows whether the carrier took it."""
    handed_at: datetime = instant_column()
    """When the intent was committed."""
    look_at: datetime | None = instant_column(nullable=True)
    """When the carrier is asked next; None when there is nothing more to learn."""


class CarrierReceipt(Table, table=True):
    """A message that a carrier gave us, so that it is not taken twice. It says nothing of a person.

    It outlives the message: one that was erased does not come back from the carrier's list.
    """

    __tablename__ = "carrier_receipts"

    line: str = Field(sa_column=Column(String(64), primary_key=True))
    carried_id: str = Field(sa_column=Column(String(64), primary_key=True))
    """Empty for the instant from which on messages are asked for at first."""
    received_at: datetime = instant_column()
    """When the carrier took it, by its own clock."""
