"""Begins a double opt-in: writes down that a person was asked, and asks (DE-1).

Whatever tells of a ``requested`` consent goes through here, so that the question goes out by the
same commit; what was told is kept, with the job that asks and the wording of the question.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from sqlalchemy import Connection

from gateway.consent.answers import AnswerKind, Voices, Written
from gateway.consent.identity import Identities
from gateway.consent.listening.yes import ASKED_BY, PROMPT_LIFE, open_questions
from gateway.consent.standing import Standing, standing_of
from gateway.db.consent import events_of
from gateway.db.persons import PersonRecord, find_person
from gateway.domain.consent import (
    MARKETING,
    Action,
    AutoReply,
    Change,
    ConsentEvent,
    Method,
    Reaction,
    Scope,
    covers,
)
from gateway.domain.errors import RejectedError
from gateway.domain.ids import JobId, StoreName

ASKING_LIFE: Final = timedelta(hours=24)
"""How long a question may wait for a line: later nobody remembers what they filled in."""


class OptIns:
    """Fills the port `gateway.dispatch.opting.OptIns`."""

    def __init__(self, identities: Identities, voices: Voices) -> None:
        self._identities = identities
        self._voices = voices

    def begin(self, connection: Connection, changes: Sequence[Change], now: datetime) -> Reaction:
        """Return changes with the questions that they need; see the port."""
        taken: list[Change] = []
        asked: list[AutoReply] = []
        for (store, number), group in groupby(changes, _whom):
            if number is None:
                taken += group
                continue
            wanted = list(group)
            asking = self._asking(connection, store, number, wanted, now)
            prompt = self._prompt(connection, store, number, asking, now) if asking else None
            taken += _noted(wanted, asking, prompt)
            asked += [] if prompt is None else [prompt[0]]
        return Reaction(changes=tuple(taken), replies=tuple(asked))

    def _asking(
        self,
        connection: Connection,
        store: StoreName,
        number: str,
        wanted: Iterable[Change],
        now: datetime,
    ) -> list[Change]:
        """Return for what the person has to be asked: it was not, and has not agreed."""
        persons = self._identities.all_of(number)
        standing = standing_of(events_of(connection, store, persons))
        record = find_person(connection, store, persons)
        asked = open_questions(standing, now - PROMPT_LIFE)
        asking = []
        for change in wanted:
            _refuse_unfit(change.event, standing, record)
            is_asked = any(covers(one.event.purpose, change.event.purpose) for one in asked)
            if not is_asked and not _has_agreed(standing, change.event.purpose, now):
                asking.append(change)
        return asking

    def _prompt(
        self,
        connection: Connection,
        store: StoreName,
        number: str,
        asking: Sequence[Change],
        now: datetime,
    ) -> tuple[AutoReply, Written]:
        purposes = [change.event.purpose for change in asking]
        language = self._language(connection, store, number, asking)
        written = self._voices.write(AnswerKind.OPTIN_PROMPT, [store], language, purposes)
        if written is None:
            raise RejectedError("unknown_store", f"this gateway has no store {store!r}")
        reply = AutoReply(
            id=_name(asking, now),
            store=store,
            to=number,
            text=written.text,
            line=None,
            expires_at=now + ASKING_LIFE,
            scope=Scope.OPT_IN,
        )
        return reply, written

    def _language(
        self, connection: Connection, store: StoreName, number: str, asking: Sequence[Change]
    ) -> str | None:
        told = next((change.event.language for change in asking if change.event.language), None)
        record = find_person(connection, store, self._identities.all_of(number))
        return told or (None if record is None else record.language)


def note_question(event: ConsentEvent, job: JobId, written: Written) -> ConsentEvent:
    """Return a ``requested`` event with what proves that the person was asked, and how.

    What a person agreed to is the wording where they agreed, if there was one; else the question.
    """
    noted = event if event.text_version else _agreed_to(event, written)
    evidence = {
        **event.evidence,
        ASKED_BY: job,
        "prompt_version": written.template.name,
        "prompt_digest": written.digest,
    }
    return replace(noted, evidence=evidence)


def _agreed_to(event: ConsentEvent, written: Written) -> ConsentEvent:
    return replace(
        event,
        text_version=written.template.name,
        text_digest=written.digest,
        language=written.template.language,
    )


def _whom(change: Change) -> tuple[StoreName, str | None]:
    asks = change.event.action is Action.REQUESTED
    return change.event.store, change.number if asks else None


def _noted(
    wanted: Iterable[Change],
    asking: Sequence[Change],
    prompt: tuple[AutoReply, Written] | None,
) -> list[Change]:
    if prompt is None:
        return []
    reply, written = prompt
    return [
        replace(change, event=note_question(change.event, reply.id, written))
        for change in wanted
        if change in asking
    ]


def _has_agreed(standing: Standing, purpose: str, now: datetime) -> bool:
    grant = standing.grant(purpose, now)
    return grant is not None and grant.confirmed


def _refuse_unfit(event: ConsentEvent, standing: Standing, record: PersonRecord | None) -> None:
    """Refuse to ask who may not be asked.

    Raises:
        RejectedError: it says why.
    """
    if not covers(MARKETING, event.purpose):
        raise _refusal(
            "invalid_value", f"a double opt-in is of marketing alone, and not of {event.purpose}"
        )
    if record is not None and record.minor:
        raise _refusal("minor", "a minor is not asked for a consent to marketing")
    if standing.restricted:
        raise _refusal("restricted", "this person's data may be kept and not used")
    noes = [
        one.event
        for one in standing.history
        if one.event.action in (Action.WITHDRAWN, Action.OBJECTED)
        and (one.event.action is Action.OBJECTED or covers(one.event.purpose, event.purpose))
    ]
    if noes and (event.method is Method.IMPORT or max(no.at for no in noes) >= event.at):
        raise _refusal("no_consent", "this person said no; only the person can begin anew")


def _refusal(code: str, reason: str) -> RejectedError:
    return RejectedError(code, reason, field="purpose")


def _name(asking: Sequence[Change], now: datetime) -> JobId:
    about = [now.isoformat(), *(f"{one.event.person}/{one.event.purpose}" for one in asking)]
    return JobId(f"auto:ask:{hashlib.sha256('|'.join(about).encode()).hexdigest()[:32]}")
