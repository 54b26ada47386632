"""The rights of a person and the end of what is kept, for who asks the gateway over its socket.

The same works on a database on which no gateway runs; `gateway.app` puts it together for both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from gateway.consent.identity import Identities
from gateway.consent.retention import Periods
from gateway.control.directory import Directory
from gateway.control.fields import needed, text_of
from gateway.control.server import Operation
from gateway.db.erasures import forget_scores
from gateway.db.whereabouts import Sought, stores_of
from gateway.dispatch import Context
from gateway.dispatch.consenting import take_changes
from gateway.dispatch.rights import (
    RIGHTS,
    Eraser,
    Outcome,
    Reach,
    Retention,
    Wish,
    changes_of,
)
from gateway.domain.consent import Action, Change
from gateway.domain.errors import RejectedError
from gateway.domain.ids import STORE_NAME, PersonId, StoreName
from gateway.domain.phone import PhoneNumberError, parse_phone
from gateway.domain.spelling import Spelling
from gateway.modem.trace.ageing import TraceFiles

PATIENCE: Final = 240.0
"""Seconds that an erasure waits for what is at a modem: a submit's own limit and some more."""

ANSWER_WITHIN: Final = PATIENCE + 180.0
"""Seconds in which it is done then: the modems are looked through, the file may be written anew."""


TRACES: Final = "trace files"


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonDesk:
    """Does what persons wish.

    Attributes:
        context: the database, the time and the rules.
        identities: who a number is in the ledger.
        eraser: erases.
        retention: lets go of what is too old.
        directory: which number a pseudonym is, of who was looked at.
    """

    context: Context
    identities: Identities
    eraser: Eraser
    retention: Retention
    directory: Directory

    def operations(self) -> Mapping[str, Operation]:
        """Return what may be asked, by name.

        ``person``: fields ``action`` (``erase``, ``restrict``, ``unrestrict``, ``object``),
        ``number`` (E.164), or ``person`` (the pseudonym) with ``store``; ``store`` (none: all),
        ``actor``. Returns ``{"stores": []}``; of an erasure also what went, by place.

        ``retention``: field ``dry`` (bool). Returns a list of what was, or would be, let go.
        """
        return {"person": self._person, "retention": self._retention}

    async def _person(self, fields: Mapping[str, Any]) -> object:
        action = RIGHTS.get(str(fields.get("action")))
        if action is None:
            reason = f"action: right: one of {', '.join(RIGHTS)}"
            raise RejectedError("malformed", reason, field="action")
        number, store = await self._number(fields), fields.get("store")
        actor = str(fields.get("actor") or "operator")
        return await self.wish(number, action, None if store is None else str(store), actor)

    async def _number(self, fields: Mapping[str, Any]) -> str:
        person = text_of(fields, "person")
        if person is None:
            return read_number(str(fields.get("number")))
        store = StoreName(needed(fields, "store"))
        return await self.context.database.read(
            lambda c: self.directory.number(c, store, PersonId(person))
        )

    async def _retention(self, fields: Mapping[str, Any]) -> object:
        counted = await (self.retention.count if fields.get("dry") else self.retention.work)()
        return [asdict(due) for due in counted]

    async def wish(
        self, number: str, action: Action, store: str | None, actor: str
    ) -> Mapping[str, Any]:
        """Do what a person wishes; return the stores that it was done for, and what was done.

        Args:
            number: E.164.
            action: one of `gateway.dispatch.rights.RIGHTS`.
            store: only at this one; what others hold is theirs, and stays.
            actor: who passes it on.

        Raises:
            RejectedError: there is no such store.
            StorageError: the database cannot.
        """
        stores = await self._stores(number, store)
        wish = Wish(number=number, action=action, at=self.context.now(), actor=actor)
        changes = changes_of(wish, stores, self.identities)
        if action is Action.ERASED:
            outcome = await self.eraser.erase(number, changes, PATIENCE)
            self.directory.forget(number)
            return _told(stores, outcome)
        await self.context.database.write(partial(self._record, changes=changes))
        self.context.outbox_changed.notify()
        return {"stores": list(stores)}

    def _record(self, connection: Any, changes: Sequence[Change]) -> None:
        context = self.context
        take_changes(connection, changes, policy=context.policy, now=context.now())
        for change in changes:
            if change.event.action is Action.OBJECTED and change.number is not None:
                forget_scores(connection, self.sought(change.number, change.event.store))

    def sought(self, number: str, store: StoreName | None) -> Sought:
        """Return whom to look for."""
        persons = self.identities.all_of(number)
        return Sought(spelling=Spelling(number), persons=persons, store=store)

    async def _stores(self, number: str, store: str | None) -> Sequence[StoreName]:
        """Return the stores that a wish is about: the one that is named, or all that there are."""
        known: set[StoreName] = set(self.context.inbound.stores)
        sought = self.sought(number, None)
        known |= await self.context.database.read(lambda c: stores_of(c, sought))
        if store is None:
            return sorted(known)
        if store not in known or not STORE_NAME.match(store):
            raise RejectedError(
                "unknown_store", f"this gateway has no store {store!r}", field="store"
            )
        return [StoreName(store)]


def make_desk(
    context: Context,
    *,
    keys: Sequence[bytes],
    url: str,
    periods: Periods,
    traces: Path | None,
    reach: Reach,
) -> PersonDesk:
    """Return a desk on a database.

    Args:
        context: the database, the time and the rules.
        keys: of the fingerprints, the one in use first.
        url: of the database.
        periods: how long each class is kept.
        traces: the folder of traces, if any.
        reach: what else an erasure gets to; the traces are added.
    """
    identities = Identities(keys)
    files = {} if traces is None else {TRACES: TraceFiles(traces)}
    places = {**{name: one.forget for name, one in files.items()}, **reach.places}
    return PersonDesk(
        context=context,
        identities=identities,
        directory=Directory(identities),
        eraser=Eraser(context, identities, url, replace(reach, places=places)),
        retention=Retention(
            context, identities, periods, {name: one.age for name, one in files.items()}
        ),
    )


def read_number(text: str) -> str:
    """Return a number in E.164.

    Raises:
        RejectedError: it is none; the text says what would be right, without the number.
    """
    try:
        return parse_phone(text, "ZZ")
    except PhoneNumberError:
        reason = (
            "the number is none that can be reached; right: with + and country, as +447700900123"
        )
        raise RejectedError("invalid_number", reason, field="number") from None


def _told(stores: Sequence[StoreName], outcome: Outcome) -> Mapping[str, Any]:
    return {"stores": list(stores), **asdict(outcome)}
