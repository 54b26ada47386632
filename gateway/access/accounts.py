"""What a person does with their own account: sign in and out, set a password, end sessions.

Each change and its entry in the audit log are one transaction.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from gateway.access.changes import (
    enter,
    leave,
    leave_others,
    replace_password,
    with_entry,
    write_refusal,
)
from gateway.access.invitations import begin_as_first, invited, set_by_link
from gateway.access.limits import Limits
from gateway.access.passwords import Passwords, require_good
from gateway.access.secret import digest_of, new_secret
from gateway.access.users import read_name
from gateway.access.visitor import Visitor
from gateway.db import Database
from gateway.db.console.audit import STRANGER, Entry
from gateway.db.console.invitations import InvitationRecord
from gateway.db.console.users import UserRecord, find_user, get_user
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
        name = name.replace("\0", "").strip().lower()[:MOST_TYPED]
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
        await self._write(partial(leave, session=visitor.session), visitor.actor, "session.end")

    async def end_others(self, visitor: Visitor) -> None:
        """End all sessions of a user but the one they show.

        Raises:
            StorageError: it could not be kept.
        """
        change = partial(leave_others, name=visitor.name, keep=visitor.session)
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
        change = partial(replace_password, user=user.key, hashed=hashed)
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
        change = partial(begin_as_first, secret=secret, name=name, hashed=hashed, now=now)
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
            partial(set_by_link, secret=secret, hashed=hashed, now=now),
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
        secret, before = new_secret(), None if shown is None else digest_of(shown)
        change = partial(
            enter, user=user, digest=digest_of(secret), shown=before, now=self._clock.now()
        )
        await self._write(change, f"user:{name}", action, details={"address": address})
        return secret

    async def _write_refusal(self, name: str, address: str) -> None:
        """Write that somebody failed."""
        entry = Entry(
            at=self._clock.now(),
            actor=STRANGER,
            action="session.begin",
            result="wrong",
            details={"address": address},
        )
        await self._database.write(partial(write_refusal, name=name, entry=entry))

    async def _write(
        self,
        change: Any,
        actor: str,
        action: str | None,
        subject: str | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> Any:
        """Commit a change with its entry."""
        entry = None
        if action is not None:
            entry = Entry(
                at=self._clock.now(),
                actor=actor,
                action=action,
                subject=subject,
                result="done",
                details=details,
            )
        return await self._database.write(partial(with_entry, change=change, entry=entry))


MOST_TYPED: Final = 64
"""Characters of a name that are looked at."""
