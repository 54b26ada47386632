"""Running a gateway until a signal ends it, and telling the service manager how it is."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from gateway.app.console import OnLink, no_link
from gateway.app.gateway import Gateway
from gateway.app.neighbours import join_neighbours
from gateway.app.opening import open_database
from gateway.app.service import ServiceManager
from gateway.app.watchdog import Watchdog
from gateway.consent.country import load_policies
from gateway.consent.tenancy import require_tenancy
from gateway.domain.errors import ConfigurationError
from gateway.settings import Settings

log = structlog.get_logger(__name__)

NOBODY = ServiceManager(None)
"""Who is told where no service manager listens."""


async def run(
    settings: Settings,
    *,
    path: Path | None = None,
    on_ready: Callable[[], None] = lambda: None,
    on_link: OnLink = no_link,
    manager: ServiceManager = NOBODY,
    watchdog: float | None = None,
) -> None:
    """Run a gateway until SIGTERM or SIGINT; a second one ends it at once.

    Args:
        settings: what to run.
        path: the file they came from, read again at SIGHUP.
        on_ready: called when jobs are taken.
        on_link: called then where nobody can sign in to the console yet.
        manager: told when jobs are taken, when it stops, and how it is meanwhile.
        watchdog: seconds within which the manager wants to hear that it goes on; None: it does not.

    Raises:
        DatabaseInUseError: another gateway has the database.
        NodeInUseError: another gateway on it has this one's name.
        KeyFileError: the ledger of consent was written under a key that is not there.
        StorageError: the database cannot be opened.
        ConfigurationError: it may not serve whom it serves.
    """
    require_tenancy(
        load_policies(),
        [settings.gateway.country, *settings.sim_countries],
        for_others=settings.gateway.for_others,
    )

    def ready() -> None:
        on_ready()
        manager.ready()

    async with (
        open_database(settings) as database,
        join_neighbours(settings, database) as node,
    ):
        gateway = Gateway(settings, database, path, node)
        with _signals(gateway, manager) as stop:
            async with Watchdog(manager, gateway.pulse, gateway.summary, watchdog):
                await gateway.run(stop, ready, on_link)
    log.info("stopped")


@contextmanager
def _signals(gateway: Gateway, manager: ServiceManager) -> Iterator[asyncio.Event]:
    """Translate signals: the first to stop drains, a second cancels, SIGHUP reads again."""
    loop, stop, this = asyncio.get_running_loop(), asyncio.Event(), asyncio.current_task()

    def end() -> None:
        if stop.is_set() and this is not None:
            this.cancel()
        manager.stopping()
        stop.set()

    handlers: dict[signal.Signals, Callable[[], None]] = {
        signal.SIGTERM: end,
        signal.SIGINT: end,
        signal.SIGHUP: lambda: _read_again(gateway, manager),
    }
    for number, handler in handlers.items():
        loop.add_signal_handler(number, handler)
    try:
        yield stop
    finally:
        for number in handlers:
            loop.remove_signal_handler(number)


def _read_again(gateway: Gateway, manager: ServiceManager) -> None:
    manager.reloading()
    try:
        gateway.reload()
    except ConfigurationError as error:
        log.error("configuration_not_taken", error=str(error))
    finally:
        manager.ready()
