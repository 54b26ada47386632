"""What a diary knows that a copy does not. Pure, but for the reading."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from gateway.backup.diary import Handed, Refused
from gateway.db.console.happened import Marks
from gateway.domain.ids import StoreName

CLOCKS: Final = timedelta(days=1)
"""By how much the clock of another life may have been wrong: what is older than the copy by more
than this is in it."""

Name = tuple[StoreName, str]
"""A store, and the fingerprint of a job's id."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Knowledge:
    """What happened after a copy was taken."""

    handed: Mapping[Name, Handed] = field(default_factory=dict)
    """The last of each job."""
    refused: Sequence[Refused] = ()


def knowledge_of(
    entries: Iterable[Handed | Refused],
    marks: Marks,
    copied_at: datetime | None,
    epoch: str | None = None,
    beyond: Collection[int] = (),
) -> Knowledge:
    """Return what of a diary is news to a copy.

    Args:
        entries: of the diary, in order.
        marks: how far the copy has come; what has a key up to there is in it.
        copied_at: up to when it knows what happened; None: nobody can tell.
        epoch: that in which the database is by now, of which it knows all; None: it is in none.
        beyond: attempts with higher keys that are in the copy all the same.
    """
    handed: dict[Name, Handed] = {}
    refused: list[Refused] = []
    for entry in entries:
        if isinstance(entry, Handed):
            is_known = entry.key <= marks.attempts or entry.key in beyond
            written_at = entry.at
        else:
            is_known, written_at = entry.key <= marks.consents, entry.recorded_at
        if (
            entry.epoch == epoch
            or is_known
            or (copied_at is not None and written_at < copied_at - CLOCKS)
        ):
            continue
        if isinstance(entry, Handed):
            handed[entry.store, entry.name] = entry
        else:
            refused.append(entry)
    return Knowledge(handed=handed, refused=tuple(dict.fromkeys(refused)))
