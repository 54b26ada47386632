"""A TCP proxy that can stop forwarding, as a network does that is cut: nobody is told of it.

Its own kernel goes on answering for it, so that no keepalive of TCP finds it out.
"""

from __future__ import annotations

import selectors
import socket
import threading
from contextlib import suppress


class Proxy:
    """Forwards connections to a port of this machine, in a thread of its own.

    Attributes:
        port: where it listens.
    """

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._selector = selectors.DefaultSelector()
        self._pairs: dict[socket.socket, socket.socket] = {}
        self._whole = threading.Event()
        self._whole.set()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="proxy", daemon=True)
        self._thread.start()

    def cut(self) -> None:
        """Forward nothing more, either way; who connects is let in, and hears nothing."""
        self._whole.clear()

    def heal(self) -> None:
        """Forward again what was sent meanwhile, and what comes."""
        self._whole.set()

    def close(self) -> None:
        """End it, with every connection."""
        self._closed.set()
        self._whole.set()
        self._thread.join()
        for end in (*self._pairs, self._listener):
            end.close()
        self._selector.close()

    def _run(self) -> None:
        self._selector.register(self._listener, selectors.EVENT_READ)
        while not self._closed.is_set():
            if not self._whole.wait(0.05):
                continue
            for key, _ in self._selector.select(0.05):
                end = key.fileobj
                assert isinstance(end, socket.socket)
                if end is self._listener:
                    self._accept()
                elif end in self._pairs:
                    self._forward(end)

    def _accept(self) -> None:
        near, _ = self._listener.accept()
        try:
            far = socket.create_connection(("127.0.0.1", self._target))
        except OSError:
            near.close()
            return
        for end, other in ((near, far), (far, near)):
            self._pairs[end] = other
            self._selector.register(end, selectors.EVENT_READ)

    def _forward(self, end: socket.socket) -> None:
        other = self._pairs[end]
        try:
            octets = end.recv(65_536)
            if octets:
                other.sendall(octets)
                return
        except OSError:
            pass
        for one in (end, other):
            del self._pairs[one]
            self._selector.unregister(one)
            with suppress(OSError):
                one.close()
