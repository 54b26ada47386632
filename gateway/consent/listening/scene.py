"""What must be known to react to a message: who wrote it, to whom, and what was before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Final

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from gateway.consent.answers import AnswerKind, Voices
from gateway.consent.identity import Identities
from gateway.consent.listening.answers import LIFE, QUIET, Answer, answer_id, may_answer
from gateway.consent.standing import Standing, standing_of
from gateway.db.consent import events_of
from gateway.db.exchanges import own_answers, writers_to
from gateway.db.jobs import find_job
from gateway.db.persons import PersonRecord, find_person
from gateway.domain.consent import MARKETING, AutoReply, Heard
from gateway.domain.ids import PersonId, StoreName
from gateway.domain.job import format_instant
from gateway.domain.place import place_of

log = structlog.get_logger(__name__)

_PERSON: Final = re.compile(r"\+[0-9]{7,15}")


class Scene:
    """One message, and what is looked up about it only when it is asked for.

    Attributes:
        connection: the transaction.
        heard: the message.
        now: the current instant, UTC.
        number: the person's, E.164.
    """

    def __init__(
        self,
        connection: Connection,
        heard: Heard,
        number: str,
        now: datetime,
        identities: Identities,
        voices: Voices,
    ) -> None:
        self.connection = connection
        self.heard = heard
        self.number = number
        self.now = now
        self._identities = identities
        self._voices = voices
        self.standing = lru_cache(maxsize=None)(self._standing)

    @cached_property
    def persons(self) -> tuple[PersonId, ...]:
        """The person's fingerprints, the one in use first."""
        return self._identities.all_of(self.number)

    @cached_property
    def concerned(self) -> tuple[StoreName, ...]:
        """The stores that a stop is for (K-8), the one that is answered first; at least one.

        All that wrote to the number from the SIM that the person answers; where that is not known
        any more, whoever wrote at all, else all that there are.
        """
        known = frozenset(self.heard.stores)
        wrote = self._wrote & known or writers_to(self.connection, self.number) & known or known
        first = self.heard.answered and self.heard.answered[0]
        stores = wrote | ({first} & known if first else frozenset())
        return tuple(sorted(stores, key=lambda store: (store != first, store)))

    @cached_property
    def meant(self) -> StoreName | None:
        """The one store that a consent can be for; None where that cannot be told."""
        if self.heard.answered is not None:
            return self.heard.answered[0]
        return next(iter(self._wrote)) if len(self._wrote) == 1 else None

    @cached_property
    def _wrote(self) -> frozenset[StoreName]:
        return writers_to(self.connection, self.number, self.heard.line)

    def _standing(self, store: StoreName) -> Standing:
        return standing_of(events_of(self.connection, store, self.persons))

    def record(self, store: StoreName) -> PersonRecord | None:
        """Return what a store told of the person."""
        return find_person(self.connection, store, self.persons)

    def country(self, store: StoreName) -> str | None:
        """Return where the person is, as the store told, or else as the number tells."""
        record = self.record(store)
        told = None if record is None else record.country
        return told or place_of(self.number).country

    def language(self, store: StoreName) -> str | None:
        """Return the person's language, where it is known."""
        record = self.record(store)
        if record is not None and record.language:
            return record.language
        spoken = [one.event.language for one in self.standing(store).history if one.event.language]
        return spoken[-1] if spoken else None

    def evidence(self, **more: object) -> dict[str, object]:
        """Return what proves what the person wrote: never the number, never the text."""
        sent_at = self.heard.sent_at
        return {
            "inbound": self.heard.id,
            "received_at": format_instant(self.heard.received_at),
            "smsc_at": None if sent_at is None else format_instant(sent_at),
            **more,
        }

    def answer(
        self,
        answer: Answer,
        kind: AnswerKind,
        stores: Sequence[StoreName],
        *,
        changes: bool,
        purposes: Sequence[str] = (MARKETING,),
    ) -> tuple[AutoReply, ...]:
        """Return what the person is answered in the name of stores: one message, or none.

        A fault of ours in it costs the answer, and never what the person's message changes.
        """
        try:
            return self._answer(answer, kind, stores, purposes, changes=changes)
        except SQLAlchemyError:
            raise
        except Exception:
            log.exception("answer_not_written", message=self.heard.id)
            return ()

    def _answer(
        self,
        answer: Answer,
        kind: AnswerKind,
        stores: Sequence[StoreName],
        purposes: Sequence[str],
        *,
        changes: bool,
    ) -> tuple[AutoReply, ...]:
        expires_at = self.heard.received_at + LIFE[answer]
        recent = own_answers(self.connection, self.number, self.now - QUIET)
        if expires_at <= self.now or not may_answer(answer, recent, changes=changes):
            return ()
        written = self._voices.write(kind, stores, self.language(stores[0]), purposes)
        if written is None:
            return ()
        reply = AutoReply(
            id=answer_id(answer, self.heard.id),
            store=stores[0],
            to=self.number,
            text=written.text,
            line=self.heard.line,
            expires_at=expires_at,
        )
        return (reply,)


def number_of(connection: Connection, heard: Heard) -> str | None:
    """Return the number of who wrote; None when it is no person's.

    A number that the network wrote nationally, and that no country is set for, is that of the job
    it answers. Names and short codes are machines'.
    """
    if _PERSON.fullmatch(heard.sender):
        return heard.sender
    if heard.answered is None:
        return None
    job = find_job(connection, *heard.answered)
    return None if job is None else job.recipient
