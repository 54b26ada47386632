"""What a person does with their own account: sign in and out, set a password, end sessions.

Each change and its entry in the audit log are one transaction.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection

from gateway.access.invitations import begin_as_first, invited, set_by_link
from gateway.access.limits import Limits
from gateway.access.passwords import Passwords, require_good
from gateway.access.secret import digest_of, new_secret
from gateway.access.sessions import LIFE
from gateway.access.users import read_name, require_user
from gateway.access.visitor import Visitor
from gateway.db import Database
from gateway.db.console.audit import STRANGER, Entry, put_entry
from gateway.db.console.invitations import InvitationRecord
from gateway.db.console.sessions import end_session, end_sessions, put_session
from gateway.db.console.users import UserRecord, find_user, get_user, note_seen, set_password
from gateway.domain.clock import Clock
from gateway.domain.errors import RejectedError

_WRONG: Final = "the name or the password is wrong"
"""The same for every reason, so that nobody learns who there is."""


class TooManyTriesError(RejectedError):
    """Somebody tries too often.

    Attributes:
        seconds: after which they may try again.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = math.ceil(seconds)
        super().__init__("too_many", f"too many tries; try again in {self.seconds} s")


class Accounts:
    """What persons do with their accounts.

    Args:
        database: where they are.
        clock: the time.
        passwords: makes and checks hashes.
    """

    def __init__(
        self, database: Database, clock: Clock, passwords: Passwords | None = None
    ) -> None:
        self._database = database
        self._clock = clock
        self._passwords = passwords or Passwords()
        self._limits = Limits()

    async def sign_in(
        self, name: str, password: str, *, address: str, shown: str | None = None
    ) -> str:
        """Sign somebody in; return the secret for the cookie, always a new one.

        Args:
            name: who they say they are.
            password: how they show it.
            address: from where.
            shown: the cookie that the browser had; what it stood for ends.

        Raises:
            TooManyTriesError: too often in a short time.
            RejectedError: it is wrong, for whatever reason, or too many sign in at once.
            StorageError: it could not be kept.
        """
        name = name.strip().lower()[:MOST_TYPED]
        user = await self._check(name, password, address)
        if user is None:
            await self._write_refusal(name, address)
            raise RejectedError("wrong", _WRONG)
        return await self._begin(user.key, user.name, "session.begin", address, shown)

    async def sign_out(self, visitor: Visitor) -> None:
        """End the session that a visitor shows.

        Raises:
            StorageError: it could not be kept.
        """
        await self._write(partial(_end, session=visitor.session), visitor.actor, "session.end")

    async def end_others(self, visitor: Visitor) -> None:
        """End all sessions of a user but the one they show.

        Raises:
            StorageError: it could not be kept.
        """

        def change(connection: Connection) -> None:
            user = require_user(connection, visitor.name)
            end_sessions(connection, user.key, keep=visitor.session)

        await self._write(change, visitor.actor, "session.end_others")

    async def change_password(self, visitor: Visitor, old: str, new: str, *, address: str) -> str:
        """Give a user a new password; all their sessions end, and the secret of a new one is given.

        Raises:
            TooManyTriesError: the old one was tried too often.
            RejectedError: the old one is wrong, or the new one is weak.
            StorageError: it could not be kept.
        """
        require_good(new, visitor.name)
        user = await self._check(visitor.name, old, address)
        if user is None:
            raise RejectedError("wrong", "the old password is wrong", field="old")
        hashed = await self._passwords.hash(new)

        def change(connection: Connection) -> None:
            set_password(connection, user.key, hashed)
            end_sessions(connection, user.key)

        await self._write(change, visitor.actor, "password.change")
        return await self._begin(user.key, user.name, None, address, None)

    async def invited(self, secret: str) -> InvitationRecord:
        """Return what a link is for; it is not used up.

        Raises:
            RejectedError: it holds no more, or never did.
            StorageError: it cannot be read.
        """
        now = self._clock.now()
        return await self._database.read(lambda connection: invited(connection, secret, now))

    async def name_of(self, record: InvitationRecord) -> str:
        """Return for whom a link is; empty: for the first user, who chooses."""
        key = record.user
        if key is None:
            return ""
        user = await self._database.read(lambda connection: get_user(connection, key))
        return "" if user is None else user.name

    async def set_up(self, secret: str, name: str, password: str, *, address: str) -> str:
        """Make who follows the first link the admin, signed in; return the secret for the cookie.

        Raises:
            RejectedError: the link does not hold, or the name or the password can be none.
            StorageError: it could not be kept.
        """
        name = read_name(name)
        await self.invited(secret)  # a stranger without one has nothing hashed
        require_good(password, name)
        hashed, now = await self._passwords.hash(password), self._clock.now()

        def change(connection: Connection) -> int:
            return begin_as_first(connection, secret, name, hashed, now)

        user = await self._write(change, f"user:{name}", "user.first", name)
        return await self._begin(user, name, "session.begin", address, None)

    async def set_by_link(self, secret: str, password: str, *, address: str) -> str:
        """Set the password of who follows a link, signed in; return the secret for the cookie.

        Raises:
            RejectedError: the link does not hold, or the password can be none.
            StorageError: it could not be kept.
        """
        name = await self.name_of(await self.invited(secret))
        require_good(password, name)
        hashed, now = await self._passwords.hash(password), self._clock.now()
        user: UserRecord = await self._write(
            lambda connection: set_by_link(connection, secret, hashed, now),
            f"user:{name}",
            "password.set",
            name,
        )
        return await self._begin(user.key, user.name, "session.begin", address, None)

    async def _check(self, name: str, password: str, address: str) -> UserRecord | None:
        """Return the user whose password it is; for whoever is none it takes as long."""
        now = asyncio.get_running_loop().time()
        wait = self._limits.wait(name, address, now)
        if wait > 0:
            raise TooManyTriesError(wait)
        self._limits.begin(name, address, now)
        user = await self._database.read(lambda connection: find_user(connection, name))
        may = user is not None and user.disabled_at is None
        kept = user.password if may and user is not None else None
        if not await self._passwords.verify(password, kept):
            return None
        self._limits.succeeded(name, address, now)
        return user

    async def _begin(
        self, user: int, name: str, action: str | None, address: str, shown: str | None
    ) -> str:
        """Begin a session in place of the one that was shown."""
        secret, now = new_secret(), self._clock.now()

        def change(connection: Connection) -> None:
            if shown is not None:
                end_session(connection, digest_of(shown))
            put_session(connection, digest_of(secret), user, now, now + LIFE)
            note_seen(connection, user, now)

        await self._write(change, f"user:{name}", action, details={"address": address})
        return secret

    async def _write_refusal(self, name: str, address: str) -> None:
        """Write that somebody failed; what was typed is named only where it is a user's name.

        It may be a password in the wrong field. Written for all alike, it takes all as long.
        """

        def change(connection: Connection) -> None:
            known = find_user(connection, name)
            subject = None if known is None else known.name
            put_entry(connection, self._entry(STRANGER, "session.begin", subject, address))

        await self._database.write(change)

    def _entry(self, actor: str, action: str, subject: str | None, address: str) -> Entry:
        return Entry(
            at=self._clock.now(),
            actor=actor,
            action=action,
            subject=subject,
            result="wrong",
            details={"address": address},
        )

    async def _write(
        self,
        change: Any,
        actor: str,
        action: str | None,
        subject: str | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> Any:
        """Commit a change with its entry."""
        at: datetime = self._clock.now()

        def both(connection: Connection) -> Any:
            done = change(connection)
            if action is not None:
                entry = Entry(
                    at=at,
                    actor=actor,
                    action=action,
                    subject=subject,
                    result="done",
                    details=details,
                )
                put_entry(connection, entry)
            return done

        return await self._database.write(both)


MOST_TYPED: Final = 64
"""Characters of a name that are looked at."""


def _end(connection: Connection, session: bytes | None) -> None:
    if session is not None:
        end_session(connection, session)
