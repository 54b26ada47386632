"""What a row changes, held against what is recorded of the person. Pure.

The same row twice is one event. A yes is not taken over a no that the person said (COMPLIANCE.md
G-11), unless it proves a double opt-in of after it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gateway.consent.imports.row import Brought
from gateway.consent.standing import Standing, standing_of
from gateway.domain.consent import Action, ConsentEvent, Recorded, covers
from gateway.domain.ids import PersonId

_LAST: Final = 1 << 62
"""The key of what is not recorded yet: behind all that is."""

_SAID_NO: Final = {
    Action.WITHDRAWN: "took this back",
    Action.OBJECTED: "objected",
    Action.ERASED: "was erased",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Decided:
    """What becomes of one event of a row."""

    event: ConsentEvent
    known: bool = False
    """Whether the ledger has it already."""
    refused: str | None = None
    """Why it may not be taken."""

    @property
    def is_new(self) -> bool:
        """Whether it is to be written."""
        return not self.known and self.refused is None


class Book:
    """Histories as they are with all that was decided so far.

    Args:
        now: the instant of the import, UTC.
    """

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._histories: dict[PersonId, list[Recorded]] = {}

    def unread(self, rows: Sequence[Brought]) -> list[PersonId]:
        """Return whose history is to be read before rows can be decided."""
        asked = dict.fromkeys(person for row in rows for person in row.persons)
        return [person for person in asked if person not in self._histories]

    def read(self, persons: Sequence[PersonId], found: Mapping[PersonId, list[Recorded]]) -> None:
        """Take up what is recorded of persons; who is not in it has no history."""
        for person in persons:
            self._histories[person] = list(found.get(person, ()))

    def decide(self, row: Brought) -> list[Decided]:
        """Return what becomes of a row's events, and remember what is new."""
        return [self._decide(row, event) for event in row.events]

    def _decide(self, row: Brought, event: ConsentEvent) -> Decided:
        history = sorted(
            (one for person in row.persons for one in self._histories[person]),
            key=lambda one: one.key,
        )
        decided = decide(event, history, dated=row.dated, now=self._now)
        if decided.is_new:
            recorded = Recorded(key=_LAST + len(history), event=event, recorded_at=self._now)
            self._histories[row.persons[0]].append(recorded)
        return decided


def decide(
    event: ConsentEvent, history: Sequence[Recorded], *, dated: bool, now: datetime
) -> Decided:
    """Return what becomes of an event that a file brings.

    Args:
        event: what it says.
        history: what is recorded of the person, in order.
        dated: whether the file says when.
        now: the instant of the import, UTC.
    """
    if _is_known(event, history, dated=dated):
        return Decided(event=event, known=True)
    refused = _refused(event, history, now) if event.action is Action.GRANTED else None
    return Decided(event=event, refused=refused)


def _is_known(event: ConsentEvent, history: Sequence[Recorded], *, dated: bool) -> bool:
    if dated:
        return any(_is_same(one.event, event) for one in history)
    holds = False
    for one in history:
        if one.event.action is event.action and covers(one.event.purpose, event.purpose):
            holds = True
        elif one.event.action is Action.GRANTED and covers(event.purpose, one.event.purpose):
            holds = False
    return holds


def _is_same(recorded: ConsentEvent, event: ConsentEvent) -> bool:
    same = (recorded.action, recorded.purpose, recorded.at) == (
        event.action,
        event.purpose,
        event.at,
    )
    if not same or event.action is not Action.GRANTED:
        return same
    proved = recorded.confirmed or not event.confirmed
    return proved and (recorded.basis, recorded.text_digest) == (event.basis, event.text_digest)


def _refused(event: ConsentEvent, history: Sequence[Recorded], now: datetime) -> str | None:
    if standing_of(history).restricted:
        return "the person's data are restricted: they may be kept and not used"
    noes = [one for one in history if one.event.action is not Action.GRANTED]
    new = Recorded(key=_LAST << 1, event=event, recorded_at=now)
    if standing_of([*noes, new]).grant(event.purpose, now) is not None:
        return None
    last = max((one for one in noes if _is_no(one, event.purpose)), key=lambda one: one.event.at)
    return (
        f"the person {_SAID_NO[last.event.action]} on {last.event.at:%Y-%m-%d}; right: a double "
        "opt-in of after it, with confirmed_at and confirmation_id"
    )


def _is_no(one: Recorded, purpose: str) -> bool:
    return one.event.action in _SAID_NO and Standing(history=(one,)).withdrew(purpose)
