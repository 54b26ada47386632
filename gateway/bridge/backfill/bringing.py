"""Brings a file in, lot by lot: reads its groups, hands events over, notes what is refused."""

from __future__ import annotations

import csv
import json
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from gateway.bridge.backfill.form import Form, RowFaultError, documents_of
from gateway.bridge.backfill.groups import Group, groups_of
from gateway.bridge.backfill.kinds import Columns
from gateway.bridge.backfill.place import Place
from gateway.bridge.hook import Json
from gateway.consent.imports.sheet import Sheet
from gateway.control.events import LOT
from gateway.control.wire import MAX_LINE
from gateway.domain.errors import RejectedError

Take = Callable[[Sequence[Json]], Awaitable[Sequence[RejectedError | None]]]
"""Hands events over; says of each why it was refused, or None."""

Moved = Callable[[int], None]
"""Is told which line was brought in."""

_ROOM: Final = MAX_LINE // 2
"""Octets of a lot, so that what is around it fits too."""

_PROPERTIES: Final = "data.properties."


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """A row that is not taken."""

    line: int
    column: str | None
    reason: str


class Notes:
    """What is refused, in a file beside the one that is brought in; none where nothing is.

    Args:
        file: the one that is brought in.
        resumed: whether it goes on with what an earlier run noted.
    """

    def __init__(self, file: Path, *, resumed: bool) -> None:
        self.path = file.with_name(f"{file.name}.refused.csv")
        if not resumed:
            self.path.unlink(missing_ok=True)

    def add(self, refused: Sequence[Refused]) -> None:
        """Note rows.

        Raises:
            OSError: the file cannot be written.
        """
        if not refused:
            return
        new = not self.path.exists()
        with self.path.open("a", encoding="utf-8", newline="") as opened:
            writer = csv.writer(opened)
            if new:
                writer.writerow(["line", "column", "reason"])
            writer.writerows([one.line, one.column or "", one.reason] for one in refused)


@dataclass(kw_only=True)
class _Lot:
    """Groups that go over together."""

    events: list[Json] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    """The first line of the group of each event."""
    refused: list[Refused] = field(default_factory=list)
    rows: int = 0
    passed_over: int = 0
    last: int = 0
    size: int = 0

    @property
    def full(self) -> bool:
        """Whether no group more goes in."""
        # A group has at most four events; and what is only refused is to be noted, too.
        return len(self.events) > LOT - 4 or self.size > _ROOM or self.rows >= 10 * LOT


@dataclass(frozen=True, kw_only=True, slots=True)
class Bringing:
    """A file, and how it is read."""

    file: Path
    sheet: Sheet
    columns: Columns
    form: Form

    async def run(self, place: Place, notes: Notes, take: Take, moved: Moved) -> None:
        """Bring in what is behind a place, which moves along.

        Args:
            place: where to begin; saved behind each lot.
            notes: takes what is refused.
            take: hands events over.
            moved: is told of the way.

        Raises:
            SheetError: a row cannot be read at all.
            OSError: what is beside the file cannot be written.
        """
        for lot in self._lots(place.line):
            refused = list(self._outcomes(lot, await take(lot.events) if lot.events else ()))
            lot.refused += refused
            notes.add(sorted(lot.refused, key=lambda one: one.line))
            place.line, place.rows = lot.last, place.rows + lot.rows
            place.events += len(lot.events) - len(refused)
            place.passed_over += lot.passed_over
            place.refused += len({one.line for one in lot.refused})
            place.save(self.file)
            moved(lot.last)

    def _lots(self, after: int) -> Iterator[_Lot]:
        lot = _Lot()
        for group in groups_of(self.sheet, self.columns, after):
            self._put(lot, group)
            if lot.full:
                yield lot
                lot = _Lot()
        if lot.rows:
            yield lot

    def _put(self, lot: _Lot, group: Group) -> None:
        line = group.lines[0]
        lot.rows, lot.last = lot.rows + len(group.lines), group.lines[-1]
        try:
            told = self.columns.kind.read(group.rows, self.form)
        except RowFaultError as error:
            column = self.columns.column(error.fact)
            reason = f"{column} {error}" if column else str(error)
            lot.refused.append(Refused(line=line, column=column, reason=reason))
            return
        lot.passed_over += not told
        for document in documents_of(told, self.form):
            lot.events.append(document)
            lot.owners.append(line)
            lot.size += len(json.dumps(document, default=str))

    def _outcomes(self, lot: _Lot, outcomes: Sequence[RejectedError | None]) -> Iterator[Refused]:
        for line, error in zip(lot.owners, outcomes, strict=bool(outcomes)):
            if error is not None:
                place = (error.field or "").removeprefix(_PROPERTIES)
                column = self.columns.column(_FACTS.get(place, place)) if place else None
                yield Refused(line=line, column=column, reason=str(error))


_FACTS: Final = {"order_id": "order", "product_id": "product", "name": "name", "time": "at"}
"""The fact that a property is made of, where it has another name."""
