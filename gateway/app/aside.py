"""Work that computes for seconds, in a process of its own, so that no line waits for it.

A thread would not do: Python computes in one at a time. The process is a child of the gateway, less
important than it to the system, reads the database alone, and ends with who asked.

The function and its arguments go to the child as a pickle over a pipe of ours, and the result comes
back the same way; nobody else can write to either.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Final, ParamSpec, TypeVar, cast

from gateway.domain.errors import RejectedError, ShopbellError
from gateway.domain.modesty import be_modest

P = ParamSpec("P")
T = TypeVar("T")

LIMIT: Final = 600.0
"""Seconds; a campaign to a million persons is looked at in one or two minutes."""

MOST_WAITING: Final = 4
"""Works that wait for their turn: each may take minutes, and who asks gives up before."""

_NICE: Final = 10


class AsideError(ShopbellError):
    """The process ended without an answer; its own log has why."""


class Aside:
    """Does one such work at a time; others wait for their turn."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._asked = 0

    async def do(
        self, work: Callable[P, Coroutine[Any, Any, T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Return what a coroutine function of a module returns; its arguments have to pickle.

        Raises:
            ShopbellError: what it raised of that.
            RejectedError: too many wait.
            AsideError: it ended otherwise, or took longer than `LIMIT`.
        """
        if self._asked > MOST_WAITING:
            raise RejectedError("busy", "too much is being reckoned; ask again in some minutes")
        self._asked += 1
        try:
            async with self._turn:
                answer = await _ask(pickle.dumps((work, args, kwargs)))
        finally:
            self._asked -= 1
        if isinstance(answer, ShopbellError):
            raise answer
        return cast("T", answer)


async def _ask(request: bytes) -> object:
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", "from gateway.app.aside import serve; serve()"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for the gateway, which ends it
    )
    try:
        async with asyncio.timeout(LIMIT):
            answer, _ = await child.communicate(request)
    except TimeoutError:
        raise AsideError(f"it was not done within {LIMIT:g} s") from None
    finally:
        await _end(child)
    if child.returncode != 0:
        raise AsideError("it could not be reckoned; the log has why")
    return pickle.loads(answer)  # noqa: S301 -- our own child's, over our own pipe


async def _end(child: asyncio.subprocess.Process) -> None:
    if child.returncode is None:
        with suppress(ProcessLookupError):
            child.kill()
        await asyncio.shield(child.wait())


def serve() -> None:
    """Do the work that stands on standard input; the child's whole life."""
    be_modest(_NICE)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get into the answer
    work, args, kwargs = pickle.load(sys.stdin.buffer)  # noqa: S301 -- our own parent's
    answers.write(pickle.dumps(asyncio.run(_refusing(work(*args, **kwargs)))))
    answers.close()


async def _refusing(work: Coroutine[Any, Any, object]) -> object:
    """Return what comes of it, also where that is an error of ours."""
    try:
        return await work
    except ShopbellError as error:
        return error
