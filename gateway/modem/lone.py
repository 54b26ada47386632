"""One modem in service without a gateway around it, for a command that needs it for a moment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from gateway.domain.errors import ModemError
from gateway.modem.known.notebook import Notes
from gateway.modem.modem import Modem
from gateway.modem.port.transport import Opener, open_port
from gateway.modem.receive.sink import ModemSink
from gateway.modem.settings import ModemSettings
from gateway.modem.status import ModemState
from gateway.modem.supervisor import Supervisor

PATIENCE: Final = 150.0
"""Seconds until it must be in service: the slowest boot, and a network that is looked for."""

LOOK: Final = 0.5
"""Seconds between two looks at a modem that does not get there."""

_HOPELESS: Final = frozenset(
    {
        ModemState.MISSING,
        ModemState.PIN_REQUIRED,
        ModemState.PUK_REQUIRED,
        ModemState.FAILED,
    }
)
"""States in which a person has to do something before it is worth waiting."""


@asynccontextmanager
async def lone_modem(
    settings: ModemSettings, sink: ModemSink, notes: Notes, opener: Opener = open_port
) -> AsyncIterator[Supervisor]:
    """Bring a modem into service and keep it there for as long as the ``async with``.

    It is given nothing to send; what comes in meanwhile goes to the sink.

    Raises:
        ModemError: it does not come into service; the text says why.
    """
    ready = asyncio.Event()

    async def serve(modem: Modem) -> None:
        ready.set()
        await modem.wait_lost()

    supervisor = Supervisor(settings, sink, serve, opener=opener, notes=notes)
    running = asyncio.create_task(supervisor.run(), name=f"modem-{settings.name}")
    try:
        await _wait_ready(supervisor, ready)
        yield supervisor
    finally:
        running.cancel()
        await asyncio.wait([running])


async def _wait_ready(supervisor: Supervisor, ready: asyncio.Event) -> None:
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while True:
        try:
            async with asyncio.timeout(LOOK):
                await ready.wait()
        except TimeoutError:
            late = asyncio.get_running_loop().time() > deadline
            if late or supervisor.status.state in _HOPELESS:
                raise ModemError(_trouble(supervisor)) from None
        else:
            return


def _trouble(supervisor: Supervisor) -> str:
    status = supervisor.status
    details = [alarm.detail for alarm in status.alarms] or [status.last_error or status.port]
    return f"{status.name} is not in service: {status.state} ({'; '.join(details)})"
