"""The one owner of a port: everything that is read and written goes through here.

Reading is done by the transport's callback and nothing else; writing by the one who holds the turn
(`Link.turn`). A command waits for its answer or for the loss of the link, never for the answer
alone. After a time-out nobody can tell whose answer comes next, so the next turn first brings the
modem back into step (`Link.synchronise`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

import structlog

from gateway.at import Answer, Ended, Parser, Request, Unsolicited, request
from gateway.domain.errors import CommandTimeoutError, LinkLostError
from gateway.domain.failures import says_full
from gateway.domain.results import FinalResult
from gateway.modem.link import limits
from gateway.modem.link.ear import Ear
from gateway.modem.link.exchange import Exchange
from gateway.modem.link.notices import RESULT, end_of_service, is_restart, is_stir, occupies
from gateway.modem.link.trouble import Trouble
from gateway.modem.link.turn import ESCAPE, Turn

log = structlog.get_logger(__name__)

Listener = Callable[[Unsolicited], None]
"""Takes what the modem says by itself; called from the reading callback, so it must not wait."""


class Link(asyncio.Protocol):
    """An open port.

    Attributes:
        name: the modem's name, for logs.
        strays: final results that came while no command ran, since the last command.
        foreign: answers in service to nothing that was asked: another program may ask as well.
        in_service: the start is over; a modem that says that it starts now has broken down.
        restarted: the link was lost because the modem lost its power in service.
        stirred: set when the modem said something in service after which it is worth a look.
        sleeps: the modem swallows the first command after a silence.
        without_ok: the commands, without what follows ``=``, that the modem is known to answer
            without an OK.
        trouble: why the link was lost, once it is.
        occupied_until: the loop's time, in seconds, until which something that comes in keeps the
            radio busy.
    """

    def __init__(self, name: str, listener: Listener) -> None:
        self.name = name
        self.strays = 0
        self.foreign = 0
        self.in_service = False
        self.restarted = False
        self.stirred = asyncio.Event()
        self.sleeps = False
        self.without_ok: set[str] = set()
        self.trouble = Trouble.AWAY
        self.occupied_until = 0.0
        self._listener = listener
        self._ears: dict[str, Ear] = {}
        self._parser = Parser()
        self._transport: asyncio.Transport | None = None
        self._exchange: Exchange | None = None
        self._turn = asyncio.Lock()
        self._out_of_step = True
        self._heard = 0.0
        self._wrote = 0.0
        self._loss: LinkLostError | None = None
        self._lost = asyncio.Event()
        self._closed = asyncio.Event()

    # The transport's side.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the open port."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 -- ports are no datagrams
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Read what the modem says: the single reader."""
        self._heard = asyncio.get_running_loop().time()
        for event in self._parser.feed(data):
            if isinstance(event, Unsolicited):
                self._hear(event)
            elif self._exchange is not None and self._exchange.result is None:
                self._exchange.take(event)
            elif isinstance(event, Ended):
                self.strays += 1
                self._take_stray(event.result)

    def connection_lost(self, exc: Exception | None) -> None:
        """Learn that the port is closed."""
        self._lose(f"the port was closed: {exc}" if exc else "the port was closed")
        self._closed.set()

    def _asked_nothing(self) -> bool:
        """Tell whether a final result can be none of ours, late or doubled."""
        owed = self._out_of_step or self._heard - self._wrote < limits.COMMAND
        return self.in_service and not owed

    # The modem's side.

    @property
    def path(self) -> str | None:
        """The device that is open, where it is one; a glob and a symlink do not tell."""
        serial = None if self._transport is None else self._transport.get_extra_info("serial")
        return getattr(serial, "port", None)

    @property
    def lost(self) -> bool:
        """True once nothing more can be written or will be read."""
        return self._loss is not None

    async def wait_lost(self) -> None:
        """Return when the link is lost."""
        await self._lost.wait()

    def abort(self, reason: str, trouble: Trouble = Trouble.AWAY) -> None:
        """Give the port up; whoever waits for an answer gets `LinkLostError`.

        Args:
            reason: words for people.
            trouble: what has to be done about it (`gateway.modem.recover.recovery`).
        """
        self._lose(reason, trouble)
        if self._transport is not None:
            self._transport.abort()

    async def close(self) -> None:
        """Give the port up and return when it is closed, or hangs in closing."""
        self.abort("the link was closed")
        if self._transport is None:
            return
        try:
            async with asyncio.timeout(limits.CLOSE):
                await self._closed.wait()
        except TimeoutError:
            log.warning("close_hangs", modem=self.name, after=limits.CLOSE)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Turn]:
        """Wait for the port and hold it for one or several commands.

        Raises:
            LinkLostError: the link is lost, or the modem could not be brought back into step.
        """
        async with self._turn:
            self.check()
            if self._out_of_step:
                await self.synchronise(limits.RECOVERY, quiet=limits.QUIET_AFTER_SILENCE)
            elif self._asleep():
                await self.synchronise(limits.RECOVERY, quiet=limits.QUIET)
            yield Turn(self)

    async def command(
        self,
        text: str,
        *also: str,
        limit: float = limits.COMMAND,
        settle: float | None = None,
    ) -> Answer:
        """Write one command in a turn of its own; see `Turn.command`."""
        async with self.turn() as turn:
            return await turn.command(text, *also, limit=limit, settle=settle)

    @contextmanager
    def overhear(self, name: str) -> Iterator[Ear]:
        """Get what the modem says by itself under a name, such as ``+CUSD``; one ear for each."""
        ear = self._ears[name] = Ear()
        if self._loss is not None:
            ear.lose(self._loss)
        try:
            yield ear
        finally:
            del self._ears[name]

    async def shout(self, text: str, limit: float = limits.COMMAND) -> Answer | None:
        """Write a command although nobody knows whether the modem listens.

        Returns:
            Its answer; None when there was none, also when the port went.

        Raises:
            LinkLostError: the link was lost before it could be written.
        """
        async with self._turn:
            self.write(ESCAPE + b"\r")
            await asyncio.sleep(limits.QUIET_AFTER_SILENCE)
            with suppress(CommandTimeoutError, LinkLostError):
                return await Turn(self).command(text, limit=limit)
            return None

    async def start(self, patience: float) -> None:
        """Bring a modem into step that was just opened and may still be booting.

        Args:
            patience: seconds from here to its first OK.

        Raises:
            LinkLostError: it did not answer in time; the port is given up.
        """
        async with self._turn:
            await self.synchronise(patience, quiet=limits.QUIET)

    # The turn's side: called by its holder alone.

    def check(self) -> None:
        """Raise what became of the link, if it is lost."""
        if self._loss is not None:
            raise LinkLostError(str(self._loss)) from self._loss
        if self._transport is None or self._transport.is_closing():
            raise LinkLostError("the port is closing")

    def write(self, data: bytes) -> None:
        """Write to the port.

        Raises:
            LinkLostError: it is lost.
        """
        self.check()
        assert self._transport is not None  # noqa: S101 -- just checked
        self._wrote = asyncio.get_running_loop().time()
        self._transport.write(data)

    def begin(self, asked: Request, settle: float | None) -> Exchange:
        """Write a command and return what will hold its answer."""
        self.check()
        self.strays = 0
        if settle is not None and _command(asked) in self.without_ok:
            settle = limits.INFORMATION_SETTLES_SOON
        self._parser.begin(asked)
        self._exchange = Exchange(asked, settle)
        self.write(asked.text.encode() + b"\r")
        return self._exchange

    def begin_pdu(self, pdu: str) -> None:
        """Say which PDU is about to be written behind the prompt."""
        self._parser.begin_pdu(pdu)

    def pass_on(self, line: str) -> None:
        """Give a line to the listener that came in an answer and does not belong to it."""
        self._listener(Unsolicited(name=line.partition(":")[0].rstrip().upper(), text=line))

    def end(self, exchange: Exchange) -> None:
        """Forget a command; one without its own final result leaves the link out of step."""
        exchange.close()
        self._exchange = None
        self._parser.end()
        if exchange.result is None or exchange.untidy:
            self._out_of_step = True
        if exchange.without_ok and not exchange.request.prompt:
            self.without_ok.add(_command(exchange.request))
        elif exchange.result is not None:
            self.without_ok.discard(_command(exchange.request))

    async def synchronise(self, patience: float, *, quiet: float) -> None:
        """ESC, silence, then AT until exactly one OK answers exactly one AT (MODEMS.md 1.10).

        How long a second answer is waited for follows the modem's own pace: twice the time that
        the oldest unanswered write has waited.

        Args:
            patience: seconds after which the modem counts as lost and the port is given up.
            quiet: seconds of silence after which an older answer is no longer expected.

        Raises:
            LinkLostError: it did not answer in time.
        """
        try:
            async with asyncio.timeout(patience):
                self.write(ESCAPE + b"\r")
                written = asyncio.get_running_loop().time()
                probe = limits.PROBE
                await self._fall_quiet(quiet)
                while not await self._answers_once(written, quiet, probe):
                    quiet = max(quiet, self._pace(written))
                    probe = limits.COMMAND if self.strays else probe
                    if self._heard > written:  # Else the first write is still unanswered.
                        written = asyncio.get_running_loop().time()
        except TimeoutError:
            self.abort(f"the modem did not answer within {patience:g} s", Trouble.SILENT)
            self.check()
        self._out_of_step = False

    def _pace(self, written: float) -> float:
        """Return a time in which a modem would have answered, by how it answered last."""
        return min(limits.PACE * max(0.0, self._heard - written), limits.DRAIN)

    async def _answers_once(self, written: float, quiet: float, probe: float) -> bool:
        exchange = self.begin(request("AT"), None)
        try:
            async with asyncio.timeout(probe):
                answer = await exchange.answer()
        except TimeoutError:
            return False
        finally:
            self.end(exchange)
        await self._fall_quiet(max(quiet, self._pace(written)))
        return answer.ok and self.strays == 0

    async def _fall_quiet(self, quiet: float) -> None:
        """Wait until nothing came for ``quiet`` seconds; a modem that never stops is let talk."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        while (now := loop.time()) - begun < limits.DRAIN:
            silent = now - max(self._heard, begun)
            if silent >= quiet:
                return
            await asyncio.sleep(max(quiet - silent, limits.TICK))

    def _asleep(self) -> bool:
        return self.sleeps and asyncio.get_running_loop().time() - self._heard > limits.ASLEEP

    def _hear(self, said: Unsolicited) -> None:
        if (ear := self._ears.get(said.name)) is not None:
            ear.hear(said.text)
        if self.in_service and (reason := end_of_service(said)):
            self.restarted = is_restart(said)
            self.abort(reason)
            return
        if self.in_service and is_stir(said):
            self.stirred.set()
        self.occupied_until = max(self.occupied_until, self._heard + occupies(said))
        self._listener(said)

    def _take_stray(self, result: FinalResult) -> None:
        """Tell of a full storage, which some modems say so; another result is somebody else's."""
        if says_full(result):
            self._listener(Unsolicited(name=RESULT, text=result.text))
        else:
            self.foreign += self._asked_nothing()

    def _lose(self, reason: str, trouble: Trouble = Trouble.AWAY) -> None:
        if self._loss is not None:
            return
        self._loss = LinkLostError(reason)
        self.trouble = trouble
        if self._transport is not None:  # a port that was never open is its supervisor's to tell of
            log.info("link_lost", modem=self.name, reason=reason)
        if self._exchange is not None:
            self._exchange.lose(self._loss)
        for ear in self._ears.values():
            ear.lose(self._loss)
        self._lost.set()


def _command(asked: Request) -> str:
    return asked.text.partition("=")[0]
