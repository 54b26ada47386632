"""Conversations with persons: read, and answered in the name of a store.

A conversation is known by any message that came in in it, never by the number.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Connection

from gateway.commerce.conversations import Conversation, conversations, find_conversation
from gateway.commerce.conversations.threads import MOST
from gateway.consent.identity import Identities
from gateway.consent.standing import standing_of
from gateway.control.desk import submit_job
from gateway.control.directory import Directory
from gateway.control.fields import count_of, store_of, text_of
from gateway.control.seeking import number_at
from gateway.control.server import Operation
from gateway.db.consent import events_of
from gateway.dispatch import Admission, Context
from gateway.domain.consent import MARKETING, Asked
from gateway.domain.errors import RejectedError
from gateway.domain.ids import JobId, StoreName
from gateway.domain.purpose import Purpose
from gateway.domain.verdict import Forbidden
from gateway.settings import Settings

_ID_ROOM: Final = 40
_DIGEST: Final = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class ConversationDesk:
    """Tells who wrote, and answers.

    Attributes:
        settings: gives what the gateway goes by now.
        context: the database, the time and the rules.
        admission: takes the answers.
        identities: who a number is in the ledger.
        directory: is told whose conversations were looked at.
    """

    settings: Callable[[], Settings]
    context: Context
    admission: Admission
    identities: Identities
    directory: Directory

    def operations(self) -> Mapping[str, Operation]:
        """Return what may be asked, by name.

        ``conversations``: those of the last 30 days, the one in which was written last first.
        Fields: ``store`` (none: all), ``number`` (of one person, as somebody writes it), ``limit``
        (50; at most 100), ``before`` (the ``key`` at which the page before ended). Returns a list
        of what `conversation_document` makes, each with ``person`` (the pseudonym) and
        ``standing`` (`standing_document`).

        ``conversation``: fields ``id`` (of a message that came in), ``store`` (where that cannot
        be told by it). Returns the same for the one, and ``reply``: ``{"allowed": bool, "code",
        "reason"}``, what the gate says of an answer now.

        ``conversation_reply``: fields ``id``, ``text``, ``store``. The same answer twice is one.
        Returns ``{"store", "id", "state": "accepted"}``, the job's.
        """
        return {
            "conversations": self._list,
            "conversation": self._one,
            "conversation_reply": self._reply,
        }

    async def _list(self, fields: Mapping[str, Any]) -> object:
        settings, store = self.settings(), store_of(fields)
        text = text_of(fields, "number")
        number = None if text is None else number_at(settings, text, store)
        before = count_of(fields, "before", 0) if fields.get("before") is not None else None
        found = await self.context.database.read(
            lambda connection: [
                self._told(connection, one)
                for one in conversations(
                    connection,
                    store,
                    now=self.context.now(),
                    unclaimed=shares_unclaimed(settings),
                    most=min(count_of(fields, "limit", 50), MOST),
                    before=before,
                    number=number,
                )
            ]
        )
        self.directory.note(one["number"] for one in found)
        return found

    async def _one(self, fields: Mapping[str, Any]) -> object:
        name, store = str(fields.get("id")), store_of(fields)
        told = await self.context.database.read(lambda c: self._look(c, name, store))
        self.directory.note([told["number"]])
        return told

    def _look(self, connection: Connection, name: str, store: StoreName | None) -> dict[str, Any]:
        found = self._found(connection, name, store)
        return self._told(connection, found) | {"reply": self._may_answer(connection, found)}

    async def _reply(self, fields: Mapping[str, Any]) -> object:
        text = str(fields.get("text") or "")
        return await self.reply(str(fields.get("id")), text, store_of(fields))

    async def reply(self, name: str, text: str, store: StoreName | None) -> Mapping[str, Any]:
        """Answer a person in the name of a store; return the job.

        Args:
            name: of a message that came in.
            text: what is said.
            store: in whose name; None: of the one that the message answers, or the only one.

        Raises:
            RejectedError: there is no such message, or the gate or the rules of texts refuse it.
            StorageError: it could not be kept.
        """
        found = await self.context.database.read(lambda c: self._found(c, name, store))
        if found.store is None:
            raise RejectedError("unknown_store", self._which_store(), field="store")
        job = {
            "id": answer_id(name, text),
            "to": found.number,
            "text": text,
            "purpose": Purpose.TRANSACTIONAL.value,
        }
        taken = await submit_job(self.admission, found.store, job)
        return {"store": found.store, "id": taken, "state": "accepted"}

    def _found(self, connection: Connection, name: str, store: StoreName | None) -> Conversation:
        """Return a conversation, of a store where that can be told.

        Raises:
            RejectedError: no such message came in, or it is another store's.
        """
        found = find_conversation(connection, name, self.context.now())
        if found is None:
            reason = f"no message {name!r} came in; see `shopbell inbox`"
            raise RejectedError("unknown_message", reason, field="id")
        shared = found.store is None and shares_unclaimed(self.settings())
        if store is not None and found.store != store and not shared:
            reason = f"the message is an answer to {found.store or 'nobody'}, and not to {store}"
            raise RejectedError("unknown_message", reason, field="store")
        known = [StoreName(one.name) for one in self.settings().store]
        if store is not None and store not in known:
            reason = f"this gateway has no store {store!r}; it has {', '.join(known) or 'none'}"
            raise RejectedError("unknown_store", reason, field="store")
        only = known[0] if len(known) == 1 else None
        return replace(found, store=found.store or store or only)

    def _which_store(self) -> str:
        known = ", ".join(one.name for one in self.settings().store)
        return f"say which: --store NAME; there are {known or 'none; see `shopbell store add`'}"

    def _told(self, connection: Connection, one: Conversation) -> dict[str, Any]:
        persons = self.identities.all_of(one.number) if one.number.startswith("+") else ()
        return conversation_document(one) | {
            "person": persons[0] if persons else None,
            "standing": self._standing(connection, one),
        }

    def _standing(self, connection: Connection, one: Conversation) -> dict[str, Any]:
        if one.store is None or not one.number.startswith("+"):
            return standing_document(None)
        persons = self.identities.all_of(one.number)
        return standing_document(standing_of(events_of(connection, one.store, persons)))

    def _may_answer(self, connection: Connection, one: Conversation) -> dict[str, Any]:
        if one.store is None:
            return _refused("unknown_store", "nobody can tell whose customer this is; say which")
        if not one.number.startswith("+"):
            return _refused("invalid_number", "this sender is a name or a short code: no reply")
        asked = Asked(
            store=one.store,
            recipient=one.number,
            purpose=Purpose.TRANSACTIONAL,
            job=JobId(answer_id(one.last.id, "")),
        )
        verdict = self.context.gate.decide(connection, asked, self.context.now())
        if isinstance(verdict, Forbidden):
            return _refused(verdict.error.code, str(verdict.error))
        return {"allowed": True, "code": None, "reason": None}


def _refused(code: str, reason: str) -> dict[str, Any]:
    return {"allowed": False, "code": code, "reason": reason}


def shares_unclaimed(settings: Settings) -> bool:
    """Tell whether stores see what nobody's it is; strangers read nothing of each other (G-15)."""
    return not settings.gateway.for_others or len(settings.store) == 1


def answer_id(message: str, text: str) -> str:
    """Return the id of an answer: the same for the same words."""
    digest = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:_DIGEST]
    return f"inbox.{message[:_ID_ROOM]}.{digest}"


def conversation_document(one: Conversation) -> dict[str, Any]:
    """Return a conversation as JSON has it: the command's, the console's and the API's.

    ``{"key", "id", "number", "store", "open", "last_at", "in_reply_to", "campaign", "about": {},
    "received": [{"id", "text", "at"}], "written": [{"id", "store", "text", "at", "state",
    "campaign", "purpose", "reason"}]}``; ``id`` and ``key`` are of the newest message that came in.
    """
    about = one.about
    return {
        "key": one.last.key,
        "id": one.last.id,
        "number": one.number,
        "store": one.store,
        "open": one.open,
        "last_at": one.last.received_at,
        "in_reply_to": one.last.in_reply_to,
        "campaign": None if about is None else about.campaign,
        "about": {} if about is None else dict(about.subject),
        "received": [
            {"id": each.id, "text": each.text, "at": each.received_at} for each in one.received
        ],
        "written": [
            {
                "id": each.id,
                "store": each.store,
                "text": each.text,
                "at": each.at,
                "state": each.state,
                "campaign": each.campaign,
                "purpose": each.purpose,
                "reason": each.reason,
            }
            for each in one.written
        ],
    }


def standing_document(standing: Any) -> dict[str, Any]:
    """Return what matters to who answers: ``{"stopped", "ended", "restricted"}``, bools.

    ``stopped``: marketing was taken back or objected to; ``ended``: all messages were (STOP ALL).
    """
    return {
        "stopped": standing is not None and (standing.withdrew(MARKETING) or standing.objects),
        "ended": standing is not None and standing.ended_service,
        "restricted": standing is not None and standing.restricted,
    }
