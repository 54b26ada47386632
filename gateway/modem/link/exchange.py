"""One command on its way: what has come of it so far.

Filled by `gateway.modem.link.link` as events arrive, awaited by the turn that wrote the command.
Nothing here knows of ports or of other commands.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from gateway.at import Answer, Ended, Line, Prompt, Request
from gateway.domain.errors import LinkLostError
from gateway.domain.results import FinalResult, ResultKind

MAX_LINES: Final = 4096
"""Lines of one answer; a full storage of 255 messages has 510. What a mad modem adds is dropped."""


class Exchange:
    """One command, its answer so far, and the one who waits for it.

    Attributes:
        request: what was written.
        prompted: the modem asked for the PDU.
        untidy: more may come that belongs to it, although it counts as answered.
        without_ok: it counts as answered although its OK did not come.
        result: the final result, once it is there.
    """

    def __init__(self, request: Request, settle: float | None) -> None:
        self.request = request
        self.prompted = False
        self.untidy = False
        self.without_ok = False
        self.result: FinalResult | None = None
        self._lines: list[str] = []
        self._settle = settle
        self._timer: asyncio.TimerHandle | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._loss: LinkLostError | None = None

    def take(self, event: Line | Prompt | Ended) -> None:
        """Add what the modem said."""
        if isinstance(event, Line):
            self._take_line(event.text)
        elif isinstance(event, Prompt):
            self.prompted = True
            self._wake()
        elif not (event.result.ok and self.request.prompt and not self.prompted):
            self._finish(event.result)

    def lose(self, loss: LinkLostError) -> None:
        """Say that nothing more will come."""
        self._loss = loss
        self._wake()

    def expect(self, settle: float) -> list[str]:
        """Begin to collect the answer of a submit; return what came before it could come."""
        early, self._lines, self._settle = self._lines, [], settle
        return early

    async def prompt(self) -> None:
        """Wait for the prompt, or for the result that came instead.

        Raises:
            LinkLostError: the link was lost.
        """
        await self._until(lambda: self.prompted or self.result is not None)

    async def answer(self) -> Answer:
        """Wait for the final result.

        Raises:
            LinkLostError: the link was lost.
        """
        await self._until(lambda: self.result is not None)
        assert self.result is not None  # noqa: S101 -- it was just awaited
        return Answer(lines=tuple(self._lines), result=self.result)

    def close(self) -> None:
        """Let go of the timer."""
        if self._timer is not None:
            self._timer.cancel()

    async def _until(self, reached: Callable[[], bool]) -> None:
        while not reached():
            if self._loss is not None:
                raise LinkLostError(str(self._loss)) from self._loss
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter

    def _take_line(self, text: str) -> None:
        if len(self._lines) < MAX_LINES:
            self._lines.append(text)
        name = text.partition(":")[0].rstrip().upper()
        if self._settle is not None and name in self.request.prefixes:
            self.close()
            self._timer = asyncio.get_running_loop().call_later(self._settle, self._do_without_ok)

    def _do_without_ok(self) -> None:
        self.untidy = self.without_ok = True
        self._finish(FinalResult(kind=ResultKind.OK))

    def _finish(self, result: FinalResult) -> None:
        if self.result is None:
            self.result = result
            self.close()
            self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
