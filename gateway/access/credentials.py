"""Who somebody is, by what they show: the cookie of a session, or a token."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from functools import partial

from gateway.access.right import RIGHTS, Right, Role
from gateway.access.secret import digest_of
from gateway.access.sessions import holds, is_due
from gateway.access.token import read_token
from gateway.access.visitor import Kind, Visitor
from gateway.db import Database
from gateway.db.console.sessions import SessionRecord, find_session, touch_session
from gateway.db.console.tokens import TokenRecord, find_token, touch_token
from gateway.domain.clock import Clock
from gateway.domain.errors import StorageError


class Credentials:
    """Knows who shows what.

    Args:
        database: where sessions and tokens are.
        clock: the time.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def of_cookie(self, secret: str) -> Visitor | None:
        """Return who signed in with the browser that shows a cookie; None where nobody did.

        Raises:
            StorageError: it cannot be read.
        """
        digest, now = digest_of(secret), self._clock.now()
        record = await self._database.read(lambda connection: find_session(connection, digest))
        if record is None or not holds(record, now):
            return None
        if is_due(record.seen_at, now):
            # Who looks is let in also while the disk is full.
            with suppress(StorageError):
                await self._database.write(partial(touch_session, digest=digest, now=now))
        return _user(record)

    async def of_token(self, written: str) -> Visitor | None:
        """Return which program shows a token; None where it is none, or has ended.

        Raises:
            StorageError: it cannot be read.
        """
        token, now = read_token(written), self._clock.now()
        if token is None:
            return None
        record = await self._database.read(lambda connection: find_token(connection, token.id))
        if not token.matches(None if record is None else record.digest) or record is None:
            return None
        if not is_alive(record, now):
            return None
        if is_due(record.used_at, now):
            with suppress(StorageError):
                await self._database.write(partial(touch_token, id=token.id, now=now))
        return _program(record)


def is_alive(record: TokenRecord, now: datetime) -> bool:
    """Whether a token still holds."""
    return record.revoked_at is None and (record.ends_at is None or now < record.ends_at)


def _user(record: SessionRecord) -> Visitor:
    rights = RIGHTS[Role(record.role)]
    return Visitor(name=record.name, kind=Kind.USER, rights=rights, session=record.digest)


def _program(record: TokenRecord) -> Visitor:
    rights = frozenset(Right(word) for word in record.scopes.split())
    return Visitor(name=record.id, kind=Kind.TOKEN, rights=rights, store=record.store)
