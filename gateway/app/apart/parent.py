"""The gateway's end: begins the process of the console, answers it, and begins it again."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from importlib.metadata import version
from typing import Any, Final

import structlog

from gateway.app.apart.channel import Answer, Birth, Channel, Pulse, Request, Serving
from gateway.control import Operation
from gateway.dispatch import Context
from gateway.domain.backoff import Backoff
from gateway.domain.errors import RejectedError, ShopbellError
from gateway.meter import Tally
from gateway.settings import Settings

log = structlog.get_logger(__name__)

WRITE: Final = "database:write"
TALLY: Final = "meter:tally"

BEAT: Final = 1.0
"""Seconds between two pulses."""

SILENCE: Final = 60.0
"""Seconds without a word from the child after which it hangs; it starts in some, and is modest."""

PATIENCE: Final = 8.0
"""Seconds that the child has to end by itself; a page that is on its way has three."""

LONGEST_PAUSE: Final = 60.0
"""Seconds until a child that ends again and again is begun once more."""

PROGRAM: Final = (sys.executable, "-m", "gateway.cli.apart")


class Apart:
    """Keeps the console's process.

    Args:
        settings: gives what the gateway goes by now.
        context: the database and the time.
        meter: what was counted and timed.
        operations: what the gateway can be asked to do, by name.
        serving: set while the child answers.
    """

    def __init__(
        self,
        settings: Callable[[], Settings],
        context: Context,
        meter: Tally,
        operations: Mapping[str, Operation],
        serving: asyncio.Event,
    ) -> None:
        self._settings = settings
        self._context = context
        self._meter = meter
        self._operations = operations
        self._serving = serving
        self._told: Settings | None = None
        self._started_at = context.now()
        self._heard_at = 0.0

    async def run(self) -> None:
        """Keep a child until cancelled, whatever becomes of it."""
        # What was asked is done to its end, also where the child that asked is gone.
        async with asyncio.TaskGroup() as requests:
            await self._keep(requests)

    async def _keep(self, requests: asyncio.TaskGroup) -> None:
        loop, backoff = asyncio.get_running_loop(), Backoff(first=1.0, longest=LONGEST_PAUSE)
        while True:
            began = loop.time()
            try:
                code = await self._live(requests)
            except OSError as error:
                log.error("console_not_started", reason=str(error))
            except Exception:
                log.exception("console_failed")
            else:
                log.error("console_ended", exit_code=code)
            if loop.time() - began > LONGEST_PAUSE:
                backoff.reset()
            await asyncio.sleep(backoff.pause())

    async def _live(self, requests: asyncio.TaskGroup) -> int | None:
        """Keep one child to its end; return its exit code."""
        ours, theirs = socket.socketpair()
        channel = await Channel.over(ours)
        child: asyncio.subprocess.Process | None = None
        try:
            with theirs:
                child = await _begin(theirs.fileno())
            async with asyncio.TaskGroup() as tasks:
                beating = tasks.create_task(self._beat(channel), name="console-pulse")
                await self._answer_all(channel, requests)
                beating.cancel()
        finally:
            self._serving.clear()
            await channel.close()
            if child is not None:
                await _end(child)
        return child.returncode

    async def _beat(self, channel: Channel) -> None:
        self._told = self._settings()
        channel.send(
            Birth(
                settings=self._told,
                started_at=self._started_at,
                version=version("shopbell"),
                pid=os.getpid(),
                exclusive=self._context.database.exclusive,
            )
        )
        loop = asyncio.get_running_loop()
        self._heard_at = loop.time()
        while (silent := loop.time() - self._heard_at) < SILENCE:
            self._pulse(channel)
            await asyncio.sleep(BEAT)
        log.error("console_hangs", silent_seconds=round(silent))
        await channel.close()  # it is ended, and begun again, as one that has gone

    def _pulse(self, channel: Channel) -> None:
        """Say that we live, and what the gateway goes by if it is another than before."""
        now = self._settings()
        news = None if now is self._told else now
        self._told = now
        channel.send(Pulse(alive=self._context.database.alive, settings=news))

    async def _answer_all(self, channel: Channel, requests: asyncio.TaskGroup) -> None:
        with suppress(EOFError):
            while True:
                message = await channel.receive()
                self._heard_at = asyncio.get_running_loop().time()
                if isinstance(message, Serving):
                    self._serving.set()
                elif isinstance(message, Request):
                    requests.create_task(self._answer(channel, message), name="console-request")

    async def _answer(self, channel: Channel, request: Request) -> None:
        answer = await self._done(request)
        if self._settings() is not self._told:
            self._pulse(channel)  # who asked to read the file again is to see it
        try:
            channel.send(answer)
        except Exception:  # whatever it is that does not pickle
            log.exception("console_answer_not_told", operation=request.what)
            untold = ShopbellError("the gateway's answer cannot be told; its log says why")
            channel.send(Answer(number=request.number, error=untold))

    async def _done(self, request: Request) -> Answer:
        try:
            value = await self._work(request)
        except ShopbellError as error:
            return Answer(number=request.number, error=error)
        except Exception:
            log.exception("console_request_failed", operation=request.what)
            failed = ShopbellError("the gateway failed at this; its log says why")
            return Answer(number=request.number, error=failed)
        return Answer(number=request.number, value=value)

    def _work(self, request: Request) -> Awaitable[Any]:
        if request.what == WRITE:
            return self._context.database.write(request.fields["change"])
        if request.what == TALLY:
            return _given(self._meter)
        operation = self._operations.get(request.what)
        if operation is None:
            raise RejectedError(
                "unknown_operation", f"this gateway cannot {request.what}", field="op"
            )
        return operation(request.fields)


async def _given(value: object) -> object:
    return value


async def _begin(descriptor: int) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(*PROGRAM, str(descriptor)),
        pass_fds=[descriptor],
        stdin=asyncio.subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for the gateway, which ends it
    )


async def _end(child: asyncio.subprocess.Process) -> None:
    """Wait for a child that was hung up on to end, and see to it that it does."""
    try:
        async with asyncio.timeout(PATIENCE):
            await child.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            child.kill()
        await child.wait()
