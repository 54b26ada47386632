"""A tap on a port: hears what the link writes and what it reads, and changes nothing.

It stands between transport and link as either one's other end.
"""

from __future__ import annotations

import asyncio
from typing import Any

from gateway.modem.trace.recorder import Recorder
from gateway.modem.trace.trace import Side


class Tap(asyncio.Protocol):
    """Takes the link's place at the transport, and the transport's at the link."""

    def __init__(self, protocol: asyncio.Protocol, recorder: Recorder) -> None:
        self._protocol = protocol
        self._recorder = recorder

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Hand the link a transport that is heard."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 -- ports are no datagrams
        self._protocol.connection_made(_TappedTransport(transport, self._recorder))

    def data_received(self, data: bytes) -> None:
        """Hear the modem."""
        self._recorder.take(Side.MODEM, data)
        self._protocol.data_received(data)

    def eof_received(self) -> bool | None:
        """Pass on that the other side wrote its last."""
        return self._protocol.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """End the trace with the reason."""
        self._recorder.remark(f"closed: {exc}" if exc else "closed")
        self._recorder.close()
        self._protocol.connection_lost(exc)

    def pause_writing(self) -> None:
        """Pass on that the port is full."""
        self._protocol.pause_writing()

    def resume_writing(self) -> None:
        """Pass on that there is room again."""
        self._protocol.resume_writing()


class _TappedTransport(asyncio.Transport):
    """A transport that is heard."""

    def __init__(self, transport: asyncio.Transport, recorder: Recorder) -> None:
        super().__init__()
        self._transport = transport
        self._recorder = recorder

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self._recorder.take(Side.HOST, bytes(data))
        self._transport.write(data)

    def abort(self) -> None:
        self._transport.abort()

    def close(self) -> None:
        self._transport.close()

    def is_closing(self) -> bool:
        return self._transport.is_closing()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self._transport.get_extra_info(name, default)
