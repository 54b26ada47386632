"""Conversations as a person of the shop reads them: who wrote, and whether it was answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from gateway.commerce.conversations.subject import About, about_of
from gateway.consent.keywords import IntentKind, read_intent
from gateway.db.threads import (
    Incoming,
    Outgoing,
    find_received,
    newest_received,
    received_from,
    written_to,
)
from gateway.domain.ids import StoreName

LOOKED_BACK: Final = timedelta(days=30)
"""How far back a conversation goes: as far as a message is taken for an answer."""

MOST: Final = 100
"""Conversations at once, unless more are asked for; and messages of one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Conversation:
    """What went between a store and a person."""

    number: str
    """The person's, E.164 where that could be told."""
    store: StoreName | None
    """Whose message was answered last; None where that cannot be told."""
    about: About | None
    """What the newest message answers."""
    received: Sequence[Incoming]
    """What the person wrote, in order; at least one."""
    written: Sequence[Outgoing]
    """What the person was written, in order."""

    @property
    def last(self) -> Incoming:
        """What the person wrote last."""
        return self.received[-1]

    @property
    def open(self) -> bool:
        """Whether somebody should answer: nobody did since, and it is no keyword's matter."""
        if not self.last.text or _settles_itself(self.last.text):
            return False
        return not any(one.at >= self.last.received_at for one in self.answers)

    @property
    def answers(self) -> Sequence[Outgoing]:
        """What was written for this person alone: our answers, the shop's, and the store's own."""
        return [one for one in self.written if one.campaign is None]


def _settles_itself(text: str) -> bool:
    """Tell whether a keyword was all there was to it; a help is the store's where we have none."""
    intent = read_intent(text)
    return intent is not None and intent.kind is not IntentKind.HELP


def conversations(
    connection: Connection,
    store: StoreName | None,
    *,
    now: datetime,
    only_open: bool = False,
    unclaimed: bool = True,
    most: int = MOST,
    before: int | None = None,
    number: str | None = None,
) -> list[Conversation]:
    """Return conversations, the one in which was written last first.

    Args:
        connection: for reading.
        store: whose; None: all stores'.
        now: the current instant, UTC; what is older than `LOOKED_BACK` is left out.
        only_open: leave out what was answered.
        unclaimed: with a store: also those of which nobody can tell whose they are.
        most: so many at most.
        before: only those whose newest message has a lower key, as a page before ended.
        number: only with this person, E.164.
    """
    since = now - LOOKED_BACK
    if number is not None:
        wrote = received_from(connection, number, since, MOST)
        newest = [one for one in wrote if _is_for(one, store, unclaimed=unclaimed)][:1]
    else:
        newest = newest_received(
            connection,
            store=store,
            unclaimed=unclaimed,
            since=since,
            most=most,
            before=before,
        )
    found = [_conversation(connection, one, store, since, unclaimed=unclaimed) for one in newest]
    return [one for one in found if one.open or not only_open]


def find_conversation(connection: Connection, name: str, now: datetime) -> Conversation | None:
    """Return the conversation that a message belongs to, by what stores know that by."""
    message = find_received(connection, name)
    if message is None:
        return None
    return _conversation(connection, message, message.store, now - LOOKED_BACK)


def _is_for(one: Incoming, store: StoreName | None, *, unclaimed: bool) -> bool:
    """Tell whether a store may read a message: it answers the store's, or nobody's."""
    return store is None or one.store == store or (unclaimed and one.store is None)


def _conversation(
    connection: Connection,
    newest: Incoming,
    store: StoreName | None,
    since: datetime,
    *,
    unclaimed: bool = True,
) -> Conversation:
    received = received_from(connection, newest.sender, since, MOST) or [newest]
    mine = [one for one in received if _is_for(one, store, unclaimed=unclaimed)] or [newest]
    written = written_to(connection, newest.sender, since)
    answered = newest.store and newest.in_reply_to and (newest.store, newest.in_reply_to)
    return Conversation(
        number=newest.sender,
        store=newest.store or store,
        about=about_of(connection, answered) if answered else None,
        received=mine[::-1],
        written=[one for one in written if store is None or one.store == store][-MOST:],
    )
