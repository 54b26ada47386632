"""Serves an ASGI application on a listener of its own, inside of the gateway's loop."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import urlsplit

import structlog

log = structlog.get_logger(__name__)

MOST_CONNECTIONS: Final = 500
"""At once; more are told to come again. Each is some tens of kilobytes."""

MOST_HEADERS: Final = 16 * 1024
"""Octets of a request's head; browsers send some two thousand."""

GRACE: Final = 3
"""Seconds that stopping waits for answers that are on their way."""

RETRY: Final = 30.0
"""Seconds until a listener that could not be opened is tried again."""

BACKLOG: Final = 128

App = Callable[[Any, Any, Any], Coroutine[Any, Any, None]]


def open_listener(listen: str) -> socket.socket:
    """Open ``HOST:PORT``.

    Raises:
        OSError: it cannot be: the port is taken, or the address is not this machine's.
    """
    split = urlsplit(f"//{listen}")
    host, port = split.hostname or "", split.port or 0
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.create_server((host, port), family=family, backlog=BACKLOG)
    opened.setblocking(False)
    return opened


async def serve(app: App, opened: socket.socket, trusted: Sequence[str] = ()) -> None:
    """Answer on an open listener until cancelled; then finish what is on its way.

    Args:
        app: what answers.
        opened: the listener; it is closed at the end.
        trusted: addresses and networks of proxies whose word on who asks is taken.
    """
    from uvicorn import Config, Server

    class Guest(Server):
        """A server that leaves the process's signals to the gateway."""

        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

    config = Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="error",  # what strangers send that is no HTTP is nobody's business
        access_log=False,
        server_header=False,
        proxy_headers=bool(trusted),
        forwarded_allow_ips=list(trusted),
        limit_concurrency=MOST_CONNECTIONS,
        h11_max_incomplete_event_size=MOST_HEADERS,
        timeout_graceful_shutdown=GRACE,
    )
    server = Guest(config)
    serving = asyncio.create_task(server.serve(sockets=[opened]), name="http")
    try:
        await asyncio.shield(serving)
    finally:
        server.should_exit = True
        await asyncio.wait({serving}, timeout=2 * GRACE)
        serving.cancel()
        opened.close()


async def keep_serving(
    listen: str,
    app: App,
    trusted: Sequence[str] = (),
    on_open: Callable[[], None] = lambda: None,
) -> None:
    """Serve on ``HOST:PORT`` until cancelled, whatever goes wrong; each trouble is logged.

    Args:
        listen: where.
        app: what answers.
        trusted: as of `serve`.
        on_open: called whenever whoever connects is answered.
    """
    while True:
        try:
            opened = open_listener(listen)
            on_open()
            await serve(app, opened, trusted)
            log.error("listener_ended", listen=listen)
        except OSError as error:
            log.error("listener_not_opened", listen=listen, reason=str(error))
        except Exception:
            log.exception("listener_failed", listen=listen)
        await asyncio.sleep(RETRY)
