"""One pseudo-terminal behind a symlink that keeps its name.

The simulator holds the other end open as well, so that the host may close and reopen the port and
finds it as it was: prompt, unread output and all, as on a real stick. Only the lock goes that a
host may have put on it.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import termios
import tty
from collections.abc import Callable
from pathlib import Path

from hardware.simulator.closing import Closings

_READ = 4096
"""Octets taken at once; what the kernel's line discipline keeps at most."""

MOST_UNREAD = 65_536
"""Octets kept for a host that does not read; more is dropped, as a UART does."""


class Port:
    """A pty; closed until `open`."""

    def __init__(
        self,
        link: Path,
        received: Callable[[bytes], None],
        closings: Closings,
        *,
        left: Callable[[], None] = lambda: None,
    ) -> None:
        self.link = link
        self._left = left
        """Called when a host has closed the port."""
        self._received = received
        self._closings = closings
        self._watch = -1
        self._master: int | None = None
        self._slave: int | None = None
        self._unread = bytearray()
        self._last = ""

    @property
    def device(self) -> str | None:
        """The pty's own path, none while it is closed."""
        return None if self._slave is None else os.ttyname(self._slave)

    @property
    def unread(self) -> int:
        """Octets that the kernel would not take, because the host does not read."""
        return len(self._unread)

    def open(self) -> None:
        """Appear: under another pts than the last time, behind the same symlink."""
        self._master, self._slave = _open_other_than(self._last)
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self._last = os.ttyname(self._slave)
        self._watch = self._closings.watch(self._last, self._unlock)
        self._point_link(self._last)
        asyncio.get_running_loop().add_reader(self._master, self._read)

    def _point_link(self, target: str) -> None:
        fresh = self.link.with_name(self.link.name + ".new")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(target)
        fresh.replace(self.link)

    def close(self) -> None:
        """Be gone: whoever has the pty open gets a hang-up, and the symlink is removed."""
        if self._master is None or self._slave is None:
            return
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._master)
        loop.remove_writer(self._master)
        self._closings.forget(self._watch)
        self.link.unlink(missing_ok=True)
        os.close(self._slave)
        os.close(self._master)
        self._master = self._slave = None
        self._unread.clear()

    def _unlock(self) -> None:
        """A host is gone: what it locked with TIOCEXCL is open again."""
        self._left()
        if self._slave is not None:
            fcntl.ioctl(self._slave, termios.TIOCNXCL)

    def write(self, octets: bytes) -> None:
        """Send to the host; dropped while closed, or when the host has not read for long."""
        if self._master is None:
            return
        if not self._unread:
            octets = octets[_write_some(self._master, octets) :]
            if octets:
                asyncio.get_running_loop().add_writer(self._master, self._flush)
        self._unread += octets[: MOST_UNREAD - len(self._unread)]

    def _flush(self) -> None:
        if self._master is None:
            return
        del self._unread[: _write_some(self._master, self._unread)]
        if not self._unread:
            asyncio.get_running_loop().remove_writer(self._master)

    def _read(self) -> None:
        if self._master is None:
            return
        try:
            octets = os.read(self._master, _READ)
        except BlockingIOError:
            return
        self._received(octets)


def _open_other_than(path: str) -> tuple[int, int]:
    """A fresh pty whose path is not ``path``: the kernel gives the lowest free number again."""
    master, slave = os.openpty()
    if os.ttyname(slave) != path:
        return master, slave
    try:
        return os.openpty()
    finally:
        os.close(slave)
        os.close(master)


def _write_some(master: int, octets: bytes | bytearray) -> int:
    """Write what goes at once; returns how much that was."""
    try:
        return os.write(master, octets)
    except BlockingIOError:
        return 0
