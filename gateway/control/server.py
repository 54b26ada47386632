"""The running gateway's end of the control socket.

Who may write to the socket's file may ask: its mode lets in the gateway's own user and root. What
is answered is not this module's concern; it is given the operations.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import structlog

from gateway.control.wire import FAILED, MAX_LINE, decode, encode
from gateway.domain.errors import RejectedError, ShopbellError, StorageError

Operation = Callable[[Mapping[str, Any]], Awaitable[object]]
"""Answers a request's fields. A `ShopbellError` that it raises is the answer too."""

REQUEST_LIMIT: Final = 10.0
"""Seconds that a client has for its one line; it is a program on this machine."""

MAX_CLIENTS: Final = 64
"""Connections at once; beyond them a client is told to come again."""

_MODE: Final = 0o600
_PROBE_LIMIT: Final = 1.0
"""Seconds for an old socket to show that someone listens; the kernel answers at once."""

log = structlog.get_logger(__name__)


class ControlServer:
    """Answers requests for as long as the ``async with``.

    Raises:
        StorageError: the socket cannot be made, or another gateway answers on it.
    """

    def __init__(self, path: Path, operations: Mapping[str, Operation]) -> None:
        self._path = path
        self._operations = operations
        self._clients: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        listener = _listen(self._path)
        self._server = await asyncio.start_unix_server(self._accept, sock=listener, limit=MAX_LINE)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.close()
        self._path.unlink(missing_ok=True)
        for client in self._clients:
            client.cancel()
        await asyncio.gather(*self._clients, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Give a connection a task of ours, so that it ends with us."""
        client = asyncio.create_task(self._serve(reader, writer), name="control-client")
        self._clients.add(client)
        client.add_done_callback(self._clients.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(OSError):  # whoever asked has gone; nobody is left to tell
                writer.write(await self._answer(reader))
                await writer.drain()
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader) -> bytes:
        if len(self._clients) > MAX_CLIENTS:
            return _refusal("busy", "too many ask at once; ask again")
        try:
            async with asyncio.timeout(REQUEST_LIMIT):
                request = decode(await reader.readuntil(b"\n"))
        except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            return _refusal("malformed", f"send one line of JSON, at most {MAX_LINE} octets")
        return await self._perform(request)

    async def _perform(self, request: dict[str, Any]) -> bytes:
        name = request.pop("op", None)
        operation = self._operations.get(name) if isinstance(name, str) else None
        if operation is None:
            known = ", ".join(self._operations)
            return _refusal("unknown_operation", f"this gateway knows {known}", field="op")
        try:
            return encode({"result": await operation(request)})
        except ShopbellError as error:
            return _refusal_of(error)
        except Exception:
            log.exception("control_operation_failed", operation=name)
            return _refusal("internal", "the gateway failed at this; its log says why")


def _listen(path: Path) -> socket.socket:
    """Bind the socket; one that a killed gateway left behind is replaced."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        _clear(path)
        os.fchmod(listener.fileno(), _MODE)  # bind() gives the file the socket's own mode
        listener.bind(str(path))
    except OSError as error:
        listener.close()
        raise StorageError(f"cannot make the control socket {path}: {error.strerror}") from error
    except StorageError:
        listener.close()
        raise
    listener.setblocking(False)
    return listener


def _clear(path: Path) -> None:
    if not path.is_socket():
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(_PROBE_LIMIT)
        try:
            probe.connect(str(path))
        except (ConnectionRefusedError, FileNotFoundError):
            path.unlink(missing_ok=True)
        else:
            raise StorageError(f"another gateway answers on {path}")


def _refusal_of(error: ShopbellError) -> bytes:
    if isinstance(error, RejectedError):
        return _refusal(error.code, str(error), field=error.field)
    code = "storage" if isinstance(error, StorageError) else FAILED
    return _refusal(code, str(error))


def _refusal(code: str, message: str, *, field: str | None = None) -> bytes:
    return encode({"error": {"code": code, "message": message, "field": field}})
