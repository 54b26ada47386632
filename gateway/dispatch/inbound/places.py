"""Which of a sender's messages a part belongs to (MODEMS.md 4.16). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from gateway.domain.ids import MessageKey


@dataclass(frozen=True, kw_only=True, slots=True)
class Sibling:
    """A message of the same line, sender, reference, total and width."""

    key: MessageKey
    open: bool
    """Parts are waited for; otherwise it was finished with gaps a while ago."""
    places: Mapping[int, bytes]
    """What came, as a digest of each part by its place."""
    sent_at: tuple[datetime, ...]
    """When the service centre took the parts, where it said so; UTC."""


class Verdict(Enum):
    """What a part is."""

    JOINS = auto()
    REPEATS = auto()
    """It is there already."""
    BEGINS = auto()
    """The first of another message; references are used again."""
    LATE = auto()
    """It fills a gap of a message that was told without it."""


def place_part(
    siblings: Sequence[Sibling], place: int, digest: bytes, sent_at: datetime | None
) -> tuple[Verdict, MessageKey | None]:
    """Return what a part is, and the message that it joins or repeats a part of.

    Of several messages that lack it, it belongs to the one that the service centre took at nearly
    the same time: its clock may be wrong, but it is the same clock.

    Args:
        siblings: newest first.
        place: from 1.
        digest: of what the part says.
        sent_at: when the service centre took it, where it said so.
    """
    unfinished = [sibling for sibling in siblings if sibling.open]
    for sibling in unfinished:
        if sibling.places.get(place) == digest:
            return Verdict.REPEATS, sibling.key
    lacking = [sibling for sibling in unfinished if place not in sibling.places]
    if lacking:
        return Verdict.JOINS, min(lacking, key=lambda sibling: _apart(sibling, sent_at)).key
    told = [sibling for sibling in siblings if not sibling.open]
    if told and not any(place in sibling.places for sibling in told):
        return Verdict.LATE, None
    return Verdict.BEGINS, None


def _apart(sibling: Sibling, sent_at: datetime | None) -> timedelta:
    if sent_at is None or not sibling.sent_at:
        return timedelta.max
    return min(abs(sent_at - other) for other in sibling.sent_at)
