"""Opening a modem's port: a device path, a glob, or ``socket://host:port``.

The path is resolved anew at each open, since a stick returns under another name and its symlink
moves. Foreign errors of opening end here. What happens on an open port is
`gateway.modem.link.link`.
"""

from __future__ import annotations

import asyncio
import glob
import socket
import termios
from pathlib import Path
from typing import Final, Protocol

import serial_asyncio_fast

from gateway.domain.errors import LinkLostError
from gateway.modem.port.refusal import explain, is_missing, is_taken
from gateway.modem.port.tty import Tty, TtyTransport

OPEN_LIMIT: Final = 10.0
"""Seconds for one open; a stick in the middle of its mode switch blocks for some."""

SOCKET_SCHEME: Final = "socket://"

_KEEPALIVE: Final = {socket.TCP_KEEPIDLE: 30, socket.TCP_KEEPINTVL: 10, socket.TCP_KEEPCNT: 3}
"""Seconds, seconds, probes: a terminal server that lost its power is noticed within a minute."""


class PortMissingError(LinkLostError):
    """There is no such port, for now."""


class PortTakenError(LinkLostError):
    """Another program has the port; the text names it, where it can be told, and the remedy."""


def candidates(port: str) -> list[str]:
    """Return the paths that a port's name stands for and that exist, in a stable order."""
    if port.startswith(SOCKET_SCHEME):
        return [port]
    if glob.has_magic(port):
        return sorted(glob.glob(port))  # noqa: PTH207 -- an absolute pattern, which Path refuses
    return [port] if Path(port).exists() else []


class Opener(Protocol):
    """Opens a port, as `open_port` does."""

    async def __call__(self, port: str, protocol: asyncio.Protocol, *, baudrate: int) -> None:
        """Open ``port`` for ``protocol``; raises as `open_port`."""
        ...


async def open_port(port: str, protocol: asyncio.Protocol, *, baudrate: int) -> None:
    """Open a port for a protocol; returns after its ``connection_made``.

    Raises:
        PortMissingError: nothing of that name exists.
        PortTakenError: another program has it.
        LinkLostError: it exists and cannot be opened; of several, what the last one said.
    """
    paths = candidates(port)
    if not paths:
        raise PortMissingError(f"{port} does not exist")
    for path in paths:
        try:
            async with asyncio.timeout(OPEN_LIMIT):
                return await _open(path, protocol, baudrate)
        except (OSError, termios.error, TimeoutError) as error:
            failure = await asyncio.to_thread(_translate, path, error)
            failure.__cause__ = error
    raise failure


async def _open(path: str, protocol: asyncio.Protocol, baudrate: int) -> None:
    loop = asyncio.get_running_loop()
    if path.startswith(SOCKET_SCHEME):
        transport, _ = await serial_asyncio_fast.create_serial_connection(
            loop, lambda: protocol, path
        )
        connection: socket.socket = asyncio.Transport.get_extra_info(transport, "socket")
        _keep_alive(connection)
        return
    tty = await loop.run_in_executor(None, Tty, path, baudrate)
    TtyTransport(loop, protocol, tty)
    await asyncio.sleep(0)  # The transport calls connection_made on the loop's next turn.


def _keep_alive(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for option, value in _KEEPALIVE.items():
        connection.setsockopt(socket.IPPROTO_TCP, option, value)


def _translate(path: str, error: Exception) -> LinkLostError:
    if isinstance(error, TimeoutError):
        return LinkLostError(f"{path} cannot be opened: no answer within {OPEN_LIMIT:g} s")
    if not isinstance(error, OSError):
        return LinkLostError(f"{path} cannot be opened: {error}")
    if is_missing(error):
        return PortMissingError(f"{path} does not exist")
    kind = PortTakenError if is_taken(error) else LinkLostError
    return kind(explain(path, error))
