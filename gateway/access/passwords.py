"""Passwords: what one may be, and argon2id, one at a time.

A hash takes 64 MiB and a tenth of a second or two, on purpose: who steals the database cannot try
many. So that strangers who try many cannot fill the box's memory, one is made at a time and few
wait for their turn.
"""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Callable
from functools import cached_property
from typing import Final, Protocol, TypeVar

from gateway.access.secret import new_secret
from gateway.domain.errors import RejectedError

LEAST: Final = 12
"""Characters; NIST SP 800-63B asks for length, and for no kinds of characters."""

MOST: Final = 256
"""Characters; more would only be work for us."""

_DIFFERENT: Final = 5
"""Different characters at least: `aaaaaaaaaaaa` is a length and no password."""

_WAITING: Final = 8
"""Hashes that wait at once; a stranger more is told to come again."""

T = TypeVar("T")


class Hasher(Protocol):
    """Makes and checks hashes; `pwdlib.PasswordHash` is one."""

    def hash(self, password: str) -> str:
        """Return a hash in its own notation."""
        ...

    def verify(self, password: str, hash: str) -> bool:  # noqa: A002
        """Whether a hash is of a password."""
        ...


class Passwords:
    """Makes and checks hashes of passwords, in a thread and in turn.

    Args:
        hasher: does it; None: argon2id, as pwdlib recommends it.
    """

    def __init__(self, hasher: Hasher | None = None) -> None:
        self._given = hasher
        self._turn = asyncio.Semaphore(1)
        self._waiting = 0
        self._nobodys: str | None = None

    @cached_property
    def _hasher(self) -> Hasher:
        # It takes time to import, which a gateway to which nobody signs in is spared.
        from pwdlib import PasswordHash

        return self._given or PasswordHash.recommended()

    async def hash(self, password: str) -> str:
        """Return the hash of a password.

        Raises:
            RejectedError: too many wait.
        """
        return await self._in_turn(lambda: self._hasher.hash(_normal(password)))

    async def verify(self, password: str, kept: str | None) -> bool:
        """Whether a hash is of a password; where there is none, it takes as long to say no.

        Raises:
            RejectedError: too many wait.
        """
        if len(password) > MOST:
            password = ""  # is nobody's, and takes as long as any
        return await self._in_turn(lambda: self._verify(_normal(password), kept))

    def _verify(self, password: str, kept: str | None) -> bool:
        if self._nobodys is None:
            self._nobodys = self._hasher.hash(new_secret())
        same = self._hasher.verify(password, self._nobodys if kept is None else kept)
        return same and kept is not None

    async def _in_turn(self, work: Callable[[], T]) -> T:
        if self._waiting >= _WAITING:
            raise RejectedError("busy", "too many sign in at once; try again in some seconds")
        self._waiting += 1
        try:
            async with self._turn:
                return await asyncio.to_thread(work)
        finally:
            self._waiting -= 1


def require_good(password: str, name: str) -> None:
    """Refuse a password that is easily guessed.

    Raises:
        RejectedError: it is; the text says what would be right.
    """
    reason = _fault(_normal(password), name)
    if reason is not None:
        raise RejectedError("weak_password", f"the password {reason}", field="password")


def _fault(password: str, name: str) -> str | None:
    if len(password) < LEAST:
        return f"is too short; right: at least {LEAST} characters, such as four words"
    if len(password) > MOST:
        return f"is too long; right: at most {MOST} characters"
    if len(set(password)) < _DIFFERENT:
        return f"repeats itself; right: at least {_DIFFERENT} different characters"
    if name and not password.casefold().replace(name.casefold(), ""):
        return "is the name; right: something that nobody knows of you"
    return None


def _normal(password: str) -> str:
    """Return it as it is kept, however a keyboard composes its letters."""
    return unicodedata.normalize("NFKC", password)
