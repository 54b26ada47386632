"""Consent by an operator's hand: what a person said on paper or on the phone, written down.

It has the same effect as a STOP by message, a link or a store's own event (COMPLIANCE.md G-3).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from gateway.consent.identity import Identities
from gateway.consent.imports.row import Brought, read_row
from gateway.consent.imports.said import Form, RowError
from gateway.consent.texts import load_texts
from gateway.control.consents import ConsentDesk
from gateway.control.directory import Directory
from gateway.control.fields import needed, text_of
from gateway.control.server import Operation
from gateway.dispatch import Context
from gateway.domain.consent import Method
from gateway.domain.errors import RejectedError
from gateway.domain.ids import PersonId, StoreName
from gateway.settings import Settings, StoreSettings

_SAID: Final = ("purpose", "text_version", "language", "source", "at")
STATES: Final = {"grant": "subscribed", "withdraw": "unsubscribed"}


@dataclass(frozen=True, kw_only=True, slots=True)
class HandDesk:
    """Writes down what persons told an operator.

    Attributes:
        settings: gives what the gateway goes by now.
        context: the database and the time.
        identities: who a number is in the ledger.
        directory: which number a pseudonym is.
        consents: writes it.
    """

    settings: Callable[[], Settings]
    context: Context
    identities: Identities
    directory: Directory
    consents: ConsentDesk

    def operations(self) -> Mapping[str, Operation]:
        """Return what may be asked, by name.

        ``consent_change``: fields ``store``, ``number`` or ``person`` (the pseudonym), ``change``
        (``grant`` or ``withdraw``), ``purpose`` (as ``marketing.offers``, several with ``+``),
        ``source`` (how the person told it; needed for a grant), ``text_version`` and ``language``
        (the wording that was agreed to; needed for a grant), ``at`` (when; else now), ``again``
        (bool: the person took it back before, and gives it anew), ``actor``. Returns ``{"store",
        "person", "action", "purposes": [], "at"}``.
        """
        return {"consent_change": self._change}

    async def _change(self, fields: Mapping[str, Any]) -> object:
        return await self.change(fields)

    async def change(self, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        """Write down a change; see `operations`.

        Raises:
            RejectedError: something in it is wrong, or the person said no before.
            StorageError: it could not be kept.
        """
        home = self._store(needed(fields, "store"))
        number = await self._number(fields, StoreName(home.name))
        row = self._row(home, number, fields)
        again = fields.get("again") is True or fields.get("change") == "withdraw"
        await self.consents.change(row, again=again)
        event = row.events[0]
        return {
            "store": event.store,
            "person": event.person,
            "action": event.action.value,
            "purposes": [one.purpose for one in row.events],
            "at": event.at,
        }

    async def _number(self, fields: Mapping[str, Any], store: StoreName) -> str:
        person = text_of(fields, "person")
        if person is None:
            return needed(fields, "number")
        return await self.context.database.read(
            lambda c: self.directory.number(c, store, PersonId(person))
        )

    def _store(self, name: str) -> StoreSettings:
        for store in self.settings().store:
            if store.name == name:
                return store
        raise RejectedError("unknown_store", f"this gateway has no store {name!r}", field="store")

    def _row(self, home: StoreSettings, number: str, fields: Mapping[str, Any]) -> Brought:
        """Return the change, having checked it as a row of a file is."""
        state = STATES.get(str(fields.get("change")))
        if state is None:
            right = " or ".join(STATES)
            raise RejectedError("malformed", f"change: right: {right}", field="change")
        now = self.context.now()
        form = Form(
            store=StoreName(home.name),
            country=home.country,
            zone=home.timezone,
            texts=load_texts(home.consent_texts),
            identities=self.identities,
            now=now,
            actor=text_of(fields, "actor") or "operator",
            source="operator",
            says_sms=True,
        )
        given = {name: text for name in _SAID if (text := text_of(fields, name)) is not None}
        said = {"at": now.isoformat(), **given, "state": state, "phone": number}
        if state == STATES["grant"]:
            for name in ("source", "text_version", "purpose"):
                needed(fields, name)
        return by_operator(said, form)


def by_operator(said: Mapping[str, str], form: Form) -> Brought:
    """Return a row as an operator's own word.

    Raises:
        RejectedError: something in it is wrong.
    """
    try:
        row = read_row(0, said, form)
    except RowError as error:
        raise RejectedError("invalid_consent", str(error), field=error.column) from None
    if row is None:
        raise RejectedError("invalid_consent", "it says nothing")
    events = [replace(event, method=Method.OPERATOR, evidence={}) for event in row.events]
    return replace(row, events=tuple(events))
