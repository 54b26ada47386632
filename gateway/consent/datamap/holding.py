"""What an entry of the data map says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """Where something is kept."""

    TABLE = "table"
    """Of the database, by its name; `gateway.db.tables`."""
    LAKE = "lake"
    """A table of the lake, by its name; `scoring.schema`."""
    PLACE = "place"
    """A file, a folder, or something outside of this box."""


class Keep(StrEnum):
    """Classes of retention (COMPLIANCE.md G-12); `gateway.consent.retention` has their times."""

    WORK = "work"
    """Until it is done: it is needed for what the person or the store asked for."""
    TEXT = "text"
    """Words and whole PDUs."""
    DELIVERY = "delivery"
    """Who was written to and who wrote, when, and what the network said. Only counts stay."""
    PROSPECT = "prospect"
    """Since the person last ordered, clicked or wrote."""
    EVIDENCE = "evidence"
    """What proves a consent: for some years after the consent ended."""
    SUPPRESSION = "suppression"
    """A keyed fingerprint, so that who said no is not asked again: without end."""
    LETTERS = "letters"
    """Until the broker has it, and no longer than this."""
    SCORES = "scores"
    """Until it is stale."""
    TRACES = "traces"
    NAMES = "names"
    """Names of jobs that are gone, under a keyed fingerprint, so that none is sent twice."""
    LAKE = "lake"
    """What the database has no more leaves the lake at the next export."""
    IMPORT = "import"
    """As the lake; what a store's file brought, until its next import takes its place."""
    NOTHING = "nothing"
    """Nothing of a person is in it."""
    OUTSIDE = "outside"
    """Not in our hands; the operator sees to it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Holding:
    """Something that is kept, and all that a person may ask about it."""

    kind: Kind
    place: str
    """The name of the table, or of the place."""
    columns: tuple[str, ...] = ()
    """Of a table of the database: those that this entry is about; empty: all."""
    data: str = ""
    """What of a person it is, in words; empty: nothing of any."""
    purpose: str
    """What it is kept for."""
    basis: str = ""
    """The legal ground, by its article of the GDPR."""
    recipients: tuple[str, ...] = ()
    """Who is given it."""
    keep: Keep
    exported: str = ""
    """The part of a person's export that has it; empty: none."""
    erased: str = ""
    """What is done to it when the person is erased."""

    @property
    def personal(self) -> bool:
        """Whether something of a person is in it."""
        return bool(self.data)


def table(place: str, *columns: str, **facts: Any) -> Holding:
    """Return the entry of a table of the database; without columns, of all that it has."""
    return Holding(kind=Kind.TABLE, place=place, columns=columns, **facts)
