"""Columns as every table has them, and the base of the tables.

Which tables there are is in `gateway.db.tables`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar, Final

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
)
from sqlmodel import Field, SQLModel

from gateway.domain.clock import require_aware
from gateway.domain.money import kept, of_kept

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Constraints have names from the first day, so that SQLite's batch migrations can drop them."""


MOST_NAME: Final = 128
"""Characters of what a store calls a thing or a person of its shop."""

KEYS_RISE: Final = {"sqlite_autoincrement": True}
"""A key is given once: SQLite would give that of the newest row again when it is gone, and here it
has gone into the archive under its key. It costs a microsecond a row."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant. SQLite keeps no zone, so that UTC is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive instant and bring an aware one to UTC."""
        return None if value is None else require_aware("instant", value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give every instant its zone; a server's is the connection's, of whatever kind."""
        if value is None or value.tzinfo is UTC:
            return value
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def bind_processor(self, dialect: Dialect) -> Any:
        """Write SQLite's text straight away: each message has a dozen instants."""
        return _to_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """Read SQLite's text straight away."""
        return (
            _from_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)
        )


def _to_text(instant: datetime | None) -> str | None:
    """Return an instant as SQLAlchemy has it in SQLite: UTC, to the microsecond, without a zone."""
    if instant is None:
        return None
    return require_aware("instant", instant).isoformat(" ", "microseconds")[:-_ZONE]


def _from_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(f"{text}+00:00")


_ZONE: Final = len("+00:00")


class Money(TypeDecorator[Decimal]):
    """An amount, exact; a whole number of ten-thousandths in the database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Bring it to a whole number; refuse what would be rounded."""
        return None if value is None else kept(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Give it back; a sum comes as whatever number the database makes of it."""
        return None if value is None else of_kept(int(value))


class Table(SQLModel):
    """Base of the tables, with metadata of its own."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMING)


def key_column() -> Any:
    """Return a surrogate key; SQLite makes only an INTEGER the rowid."""
    return Field(
        default=None,
        sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    )


def reference_column(
    column: str, *, nullable: bool = False, index: bool = False, owned: bool = False
) -> Any:
    """Return a reference to another table's column; a row that is owned goes with that one's."""
    key = ForeignKey(column, ondelete="CASCADE" if owned else None)
    return Field(
        default=None,
        sa_column=Column(BigInteger, key, nullable=nullable, index=index),
    )


def instant_column(*, nullable: bool = False) -> Any:
    """Return an instant."""
    return Field(default=None, sa_column=Column(UtcDateTime, nullable=nullable))


def money_column(*, nullable: bool = True) -> Any:
    """Return an amount in the currency that stands beside it."""
    return Field(default=None, sa_column=Column(Money, nullable=nullable))


def store_column(*, primary: bool = True, index: bool = False) -> Any:
    """Return the name of a store."""
    column = Column(String(32), primary_key=primary, nullable=False, index=index)
    return Field(default=None, sa_column=column)


def name_column(*, primary: bool = False, nullable: bool = True) -> Any:
    """Return what a store calls a thing or a person of its shop."""
    column = Column(String(MOST_NAME), primary_key=primary, nullable=nullable and not primary)
    return Field(default=None, sa_column=column)


def text_column(length: int | None = None, *, nullable: bool = True) -> Any:
    """Return a text, of at most so many characters."""
    kind = Text() if length is None else String(length)
    return Field(default=None, sa_column=Column(kind, nullable=nullable))


def word_column(**options: Any) -> Any:
    """Return a short text that a person can read, such as a state."""
    return Field(default=None, sa_column=Column(String(64), nullable=False, **options))
