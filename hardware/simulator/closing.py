"""When a host closes a port: the kernel's own notice (inotify(7)).

A pseudo-terminal keeps the lock of TIOCEXCL after its last host has closed it, even one that was
killed; a serial port loses it. The port therefore has to know of a closing, which a pseudo-terminal
whose other end it holds open does not tell. Python has no inotify of its own.

Like notices that are not read yet are one: this cannot count who has a port open.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import struct
from collections.abc import Callable

_IN_CLOSE = 0x08 | 0x10
"""Closed by one that could write, or by one that could not."""

_EVENT = struct.Struct("iIII")
"""``struct inotify_event``: watch, mask, cookie, length of the name; a file's has no name."""

_READ = 4096
"""Octets taken at once, which is 256 events."""

_libc = ctypes.CDLL(None, use_errno=True)


class Closings:
    """Watches some ports, and says when one of them was closed by a host.

    Raises:
        OSError: the kernel has no inotify to give.
    """

    def __init__(self) -> None:
        self._file = _checked(_libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC), "inotify_init1")
        self._closed: dict[int, Callable[[], None]] = {}
        asyncio.get_running_loop().add_reader(self._file, self._read)

    def watch(self, path: str, closed: Callable[[], None]) -> int:
        """Call ``closed`` after each closing from now on; returns what `forget` takes."""
        watch = _checked(
            _libc.inotify_add_watch(self._file, os.fsencode(path), _IN_CLOSE), f"watch {path}"
        )
        self._closed[watch] = closed
        return watch

    def forget(self, watch: int) -> None:
        """Watch it no more."""
        if self._closed.pop(watch, None) is not None:
            _libc.inotify_rm_watch(self._file, watch)

    def stop(self) -> None:
        """Watch none any more."""
        asyncio.get_running_loop().remove_reader(self._file)
        os.close(self._file)

    def _read(self) -> None:
        for watch, mask, _, _ in _EVENT.iter_unpack(os.read(self._file, _READ)):
            if mask & _IN_CLOSE and watch in self._closed:
                self._closed[watch]()


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result
