"""What a transaction has to tell once it is committed: what was counted and timed in it.

A change may be run more than once and is nothing when it is rolled back, so that it cannot count by
itself. What it notes here is gathered on the connection, and told on the loop with its answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol, TypeAlias

from sqlalchemy import Connection, Engine, event

from gateway.domain.measures import Counted, Timed


class Told(Protocol):
    """Who is told; `gateway.meter.Meter` is one."""

    def count(self, what: Counted, *labels: str, by: int = 1) -> None:
        """Count something that happened."""
        ...

    def time(self, what: Timed, seconds: float, *labels: str) -> None:
        """Note how long something took."""
        ...


class Deaf:
    """Takes what is told and does nothing with it."""

    def count(self, what: Counted, *labels: str, by: int = 1) -> None:
        """Let it pass."""

    def time(self, what: Timed, seconds: float, *labels: str) -> None:
        """Let it pass."""


Noted: TypeAlias = tuple[Counted | Timed, tuple[str, ...], float]
"""What, its labels, and how many or for how many seconds."""

_NOTES: Final = "shopbell_notes"
_SAVED: Final = "shopbell_notes_saved"


def note(connection: Connection, what: Counted, *labels: str, by: int = 1) -> None:
    """Count something that happens with this transaction."""
    notes = connection.info.get(_NOTES)
    if notes is not None:  # a migration, or a test that looks at tables alone, counts nothing
        notes.append((what, labels, by))


def note_time(connection: Connection, what: Timed, seconds: float, *labels: str) -> None:
    """Note how long something took that ends with this transaction."""
    notes = connection.info.get(_NOTES)
    if notes is not None:
        notes.append((what, labels, seconds))


def keep_notes(engine: Engine) -> None:
    """Have an engine gather in each of its transactions what `take_notes` returns."""

    def begin(connection: Connection) -> None:
        connection.info[_NOTES], connection.info[_SAVED] = [], []

    def savepoint(connection: Connection, _name: str) -> None:
        connection.info[_SAVED].append(len(connection.info[_NOTES]))

    def release(connection: Connection, _name: str, _context: object) -> None:
        connection.info[_SAVED].pop()

    def back(connection: Connection, _name: str, _context: object) -> None:
        del connection.info[_NOTES][connection.info[_SAVED].pop() :]

    event.listen(engine, "begin", begin)
    event.listen(engine, "savepoint", savepoint)
    event.listen(engine, "release_savepoint", release)
    event.listen(engine, "rollback_savepoint", back)


def take_notes(connection: Connection) -> Sequence[Noted]:
    """Return what was noted in a transaction, at its end."""
    notes: Sequence[Noted] = connection.info.get(_NOTES, ())
    return notes


def tell_notes(notes: Sequence[Noted], told: Told) -> None:
    """Tell what was noted, once it is committed."""
    for what, labels, much in notes:
        if isinstance(what, Timed):
            told.time(what, much, *labels)
        else:
            told.count(what, *labels, by=int(much))
