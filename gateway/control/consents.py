"""Consents over the control socket: an operator's own change, and a file's rows in lots.

What a file may change is decided here, in the transaction that writes it: what a person said
meanwhile counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from gateway.consent.imports.deciding import Book, Decided
from gateway.consent.imports.row import Brought
from gateway.consent.standing import standing_of
from gateway.consent.texts import Wording
from gateway.control.server import Operation
from gateway.control.wire import MAX_LINE
from gateway.db.consent import events_of, histories_of
from gateway.db.persons import put_persons
from gateway.db.wordings import keep_wordings
from gateway.dispatch import Admission, ChangeRequest, Context
from gateway.dispatch.consenting import take_changes, take_import
from gateway.domain.consent import Action, Change
from gateway.domain.consent_document import event_document, read_event
from gateway.domain.errors import RejectedError
from gateway.domain.ids import JobId, PersonId

LOT: Final = 500
"""Rows in one transaction: some tens of milliseconds, for which nothing else is committed."""

_ROOM: Final = MAX_LINE // 2
"""Octets of a lot, so that what is around it fits too."""


class ConsentDesk:
    """Writes the consents that a command brings.

    Args:
        context: the database, the time and who is told of what changed.
        admission: asks who is to be asked for a consent.
    """

    def __init__(self, context: Context, admission: Admission) -> None:
        self._context = context
        self._admission = admission

    def operations(self) -> Mapping[str, Operation]:
        """Return what may be asked, by name."""
        return {"consents": self._consents, "consent_ask": self._ask}

    async def _ask(self, fields: Mapping[str, Any]) -> object:
        return {"asked": await self.ask(read_brought(fields.get("row")))}

    async def _consents(self, fields: Mapping[str, Any]) -> object:
        rows = fields.get("rows")
        if not isinstance(rows, list) or len(rows) > LOT:
            raise RejectedError("malformed", f"rows: right: a list of at most {LOT}", field="rows")
        outcomes = await self.bring([read_brought(row) for row in rows])
        return {"outcomes": [[_outcome(one) for one in some] for some in outcomes]}

    async def change(self, row: Brought, *, again: bool) -> None:
        """Write what an operator says of a person, and tell the store.

        Args:
            row: what.
            again: whether a yes may come after a no, as the person gave it anew.

        Raises:
            RejectedError: the person said no before.
            StorageError: it could not be kept.
        """
        now = self._context.now()
        changes = [Change(event=event, number=row.number) for event in row.events]

        def write(connection: Connection) -> None:
            if not again and row.events[0].action is Action.GRANTED:
                _require_no_refusal(connection, row)
            take_changes(connection, changes, policy=self._context.policy, now=now)
            _keep_facts(connection, [row], now)

        await self._context.database.write(write)
        self._notify()

    async def ask(self, row: Brought) -> list[str]:
        """Ask a person for consents; return for which ones they were not asked before.

        Raises:
            RejectedError: they may not be asked.
            StorageError: it could not be kept.
        """
        store = row.events[0].store
        changes = tuple(Change(event=event, number=row.number) for event in row.events)
        before = await self._requested(row)
        name = JobId(f"ask-{row.persons[0]}")
        [refused] = await self._admission.admit(
            [ChangeRequest(store=store, id=name, changes=changes)]
        )
        if refused is not None:
            raise refused
        return sorted(await self._requested(row) - before)

    async def _requested(self, row: Brought) -> set[str]:
        """Return for what the person was asked at the very instant of a row."""
        store, at = row.events[0].store, row.events[0].at
        found = await self._context.database.read(lambda c: events_of(c, store, row.persons))
        return {
            one.event.purpose
            for one in found
            if one.event.action is Action.REQUESTED and one.event.at == at
        }

    async def bring(self, rows: Sequence[Brought]) -> list[list[Decided]]:
        """Write what a file's rows bring; return what became of each event of each row.

        Raises:
            StorageError: it could not be kept.
        """
        now = self._context.now()
        outcomes = await self._context.database.write(lambda c: self._bring(c, rows, now))
        self._notify()
        return outcomes

    def _bring(
        self, connection: Connection, rows: Sequence[Brought], now: datetime
    ) -> list[list[Decided]]:
        book = Book(now)
        read_histories(connection, book, rows)
        outcomes = [book.decide(row) for row in rows]
        changes = [
            Change(event=one.event, number=row.number)
            for row, some in zip(rows, outcomes, strict=True)
            for one in some
            if one.is_new
        ]
        take_import(connection, changes, policy=self._context.policy, now=now)
        taken = [
            row for row, some in zip(rows, outcomes, strict=True) if any(one.is_new for one in some)
        ]
        _keep_facts(connection, taken, now)
        return outcomes

    def _notify(self) -> None:
        self._context.queue_changed.notify()
        self._context.outbox_changed.notify()


def read_histories(connection: Connection, book: Book, rows: Sequence[Brought]) -> None:
    """Give a book the histories that it needs for some rows, all of one store."""
    persons = book.unread(rows)
    if persons:
        book.read(persons, histories_of(connection, rows[0].events[0].store, persons))


def _require_no_refusal(connection: Connection, row: Brought) -> None:
    """Pass when the person never said no to what they are to have said yes to."""
    store, purposes = row.events[0].store, [event.purpose for event in row.events]
    standing = standing_of(events_of(connection, store, row.persons))
    refused = next((purpose for purpose in purposes if standing.withdrew(purpose)), None)
    if refused is not None:
        raise RejectedError(
            "withdrawn",
            f"this person took {refused} back; only they can give it anew: ask them with "
            "`shopbell consent request`, or say --again if they did so before you",
            field="purpose",
        )


def _keep_facts(connection: Connection, rows: Sequence[Brought], now: datetime) -> None:
    """Keep number and place of who said yes, and the wordings that were agreed to.

    Of who says no nothing is kept but the fingerprint in the ledger (COMPLIANCE.md G-11).
    """
    granted = [row for row in rows if row.events[0].action is Action.GRANTED]
    told = [
        (event.store, row.persons[0], row.number, event.at, row.facts)
        for row in granted
        for event in row.events[:1]
    ]
    put_persons(connection, told)
    wordings = [
        (row.wording.digest, row.wording.text)
        for row in granted
        if row.wording and row.wording.digest and row.wording.text
    ]
    keep_wordings(connection, wordings, now)


def lots(rows: Sequence[Brought]) -> Iterator[tuple[list[Brought], list[dict[str, Any]]]]:
    """Yield rows, and the same as JSON has them, in lots that the socket takes."""
    lot: list[Brought] = []
    written: list[dict[str, Any]] = []
    room = _ROOM
    for row in rows:
        document = write_brought(row)
        size = len(json.dumps(document, ensure_ascii=False).encode())
        if lot and (len(lot) == LOT or size > room):
            yield lot, written
            lot, written, room = [], [], _ROOM
        lot.append(row)
        written.append(document)
        room -= size
    if lot:
        yield lot, written


def write_brought(row: Brought) -> dict[str, Any]:
    """Return a row as JSON has it."""
    return {
        "line": row.line,
        "number": row.number,
        "persons": list(row.persons),
        "events": [event_document(event) for event in row.events],
        "dated": row.dated,
        "facts": dict(row.facts),
        "wording": None if row.wording is None else asdict(row.wording),
    }


def read_brought(document: Any) -> Brought:
    """Return the row of a JSON object.

    Raises:
        RejectedError: it is none.
    """
    try:
        wording = document["wording"]
        events = tuple(map(read_event, document["events"]))
        if not events:
            raise ValueError("a row without an event")  # noqa: TRY301 -- one way out
        return Brought(
            line=document["line"],
            number=document["number"],
            persons=tuple(map(PersonId, document["persons"])),
            events=events,
            dated=document["dated"],
            facts=document["facts"],
            wording=None if wording is None else Wording(**wording),
        )
    except (TypeError, KeyError, ValueError) as error:
        raise RejectedError("malformed", f"row: {error}", field="row") from None


def _outcome(one: Decided) -> object:
    """Return what became of an event as JSON has it: its refusal, or whether it was known."""
    return {"known": one.known, "refused": one.refused}


def read_outcomes(
    rows: Sequence[Brought], outcomes: Sequence[Sequence[Mapping[str, Any]]]
) -> list[list[Decided]]:
    """Return what a running gateway answered about the rows of a lot."""
    return [
        [
            Decided(event=event, known=one["known"], refused=one["refused"])
            for event, one in zip(row.events, some, strict=True)
        ]
        for row, some in zip(rows, outcomes, strict=True)
    ]
