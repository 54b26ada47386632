"""The demo, put together: opens everything, lets it run, and sums up."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from gateway.app import Gateway
from gateway.cli.demo.bank import SUBMIT_SECONDS, run_modems
from gateway.cli.demo.broker import HOST, BrokerUnavailableError, choose_port, run_broker
from gateway.cli.demo.configuration import STORE, DemoPlaces, write_configuration
from gateway.cli.demo.events import shop_events
from gateway.cli.demo.orders import order_messages
from gateway.cli.demo.shop import DemoStore
from gateway.cli.demo.tally import Tally
from gateway.cli.demo.view import Modems, showing
from gateway.cli.logs import configure_logging
from gateway.cli.output import print_line
from gateway.control import ControlError, NoGatewayError, ask, socket_path
from gateway.db import Database
from gateway.domain.states import JobState

SEED: Final = 7
"""Of the made-up orders."""

LOAD: Final = 0.5
"""How busy the modems are kept, of what they can do."""

SETTLE_SECONDS: Final = 6.0
"""Before a timed demo ends, no more is published for so long, so that the last are seen to
arrive."""

SETTLE_SHARE: Final = 0.4
"""Of a short demo, the part that settling may take at most."""

CONSOLE_PORT: Final = 8025

GLANCE: Final = 0.2
"""Seconds between looks whether the last job has come to its end."""


async def show(*, seconds: float | None, modems: int, port: int) -> None:
    """Run the demo for ``seconds``, or until SIGINT or SIGTERM, and print a summary.

    Raises:
        BrokerUnavailableError: the broker's port is taken.
        SimulatorUnavailableError: the modems did not come up.
    """
    with TemporaryDirectory(prefix="shopbell-demo-") as name, _interrupts() as interrupted:
        places = write_configuration(
            Path(name), modems=modems, port=choose_port(port), console=_console_port()
        )
        with places.log.open("a", encoding="utf-8") as log:
            configure_logging(log)
            tally = await _Demo(places, interrupted).perform(seconds)
    _print_summary(tally, places.modem_names)


class _Demo:
    """One showing."""

    def __init__(self, places: DemoPlaces, interrupted: asyncio.Event) -> None:
        self.tally = Tally()
        self._places = places
        self._settings = places.settings()
        self._interrupted = interrupted
        pause = SUBMIT_SECONDS / len(places.modem_names) / LOAD
        orders, events = order_messages(SEED), shop_events(SEED)
        self._store = DemoStore(self.tally, orders, events, pause=pause)

    async def modems(self) -> Modems:
        """Ask the gateway how its modems are, as `shopbell modems` does."""
        try:
            found: Modems = await ask(socket_path(self._settings.database.beside), "modems")
        except (NoGatewayError, ControlError):
            return []
        return found

    async def perform(self, seconds: float | None) -> Tally:
        """Open everything, let it run, close it in order; return what happened."""
        places = self._places
        async with (
            run_broker(places.port, places.passwords),
            run_modems(places.modems, len(places.modem_names)),
            Database.open(self._settings.database.address) as database,
            asyncio.TaskGroup() as tasks,
        ):
            stop, ready = asyncio.Event(), asyncio.Event()
            gateway = Gateway(self._settings, database)
            link: asyncio.Future[str] = asyncio.get_running_loop().create_future()
            running = tasks.create_task(
                gateway.run(stop, ready.set, lambda path, _ends_at: link.set_result(path)),
                name="gateway",
            )
            await ready.wait()
            trading = tasks.create_task(
                self._store.run(places.port, places.passwords[STORE]), name="store"
            )
            _print_places(places, await link)
            async with showing(self):
                await self._trade(seconds)
            stop.set()
            await running
            trading.cancel()
        return self.tally

    async def _trade(self, seconds: float | None) -> None:
        """Let the store trade; before a timed end, see the last messages arrive."""
        settle = 0.0 if seconds is None else min(SETTLE_SECONDS, seconds * SETTLE_SHARE)
        await _wait(self._interrupted, None if seconds is None else seconds - settle)
        self._store.closing.set()
        ending = asyncio.get_running_loop().time() + settle
        while self.tally.open and asyncio.get_running_loop().time() < ending:
            if await _wait(self._interrupted, GLANCE):
                return


def _console_port() -> int:
    """Return the port that the documentation names if it is free, else one that is."""
    try:
        return choose_port(CONSOLE_PORT)
    except BrokerUnavailableError:
        return choose_port(0)


async def _wait(event: asyncio.Event, seconds: float | None) -> bool:
    """Wait for an event; tell whether it came within so many seconds."""
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False


@contextmanager
def _interrupts() -> Iterator[asyncio.Event]:
    """Translate SIGINT and SIGTERM: the first ends the demo in order, a second at once."""
    loop, interrupted, this = asyncio.get_running_loop(), asyncio.Event(), asyncio.current_task()

    def interrupt() -> None:
        if interrupted.is_set() and this is not None:
            this.cancel()
        interrupted.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, interrupt)
    try:
        yield interrupted
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


def _print_places(places: DemoPlaces, link: str) -> None:
    print_line(f"console   {link}")
    print_line(f"broker    mqtt://{HOST}:{places.port}, user {STORE}, {places.passwords[STORE]}")
    print_line(f"database  {places.file.parent / 'shopbell.db'}")
    print_line(f"log       {places.log}")
    print_line(f"look into it with: {sys.argv[0]} messages --config {places.file}")


def _print_summary(tally: Tally, modems: Sequence[str]) -> None:
    sent, delivered = tally.by_modem(JobState.SENT), tally.by_modem(JobState.DELIVERED)
    print_line(f"jobs: {tally}")
    print_line(f"flows: {tally.flows}")
    for modem in modems:
        print_line(f"{modem}: sent {sent[modem]}, delivered {delivered[modem]}")
