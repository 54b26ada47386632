"""A serial port that never blocks the event loop.

pyserial's own reads and writes do on a stick that hangs: with a time limit of zero its write spins
until the kernel's buffer has room, its flush and close wait for bytes that will never leave, and
its `select` fails above 1,024 descriptors. Here each is one system call.
"""

from __future__ import annotations

import errno
import fcntl
import os
import termios
from contextlib import suppress
from typing import Any, Final

import serial
import serial_asyncio_fast

PTY_MAJORS: Final = range(136, 144)
"""Device numbers of the kernel's pseudo-terminal slaves."""

_NOT_NOW: Final = frozenset({errno.EAGAIN, errno.EINTR})


class Tty(serial.Serial):
    """A terminal device, opened exclusively and in raw mode.

    What came in while nobody had it open is kept: on a modem that goes on talking, a delivery
    report may be among it.
    """

    def __init__(self, path: str, baudrate: int) -> None:
        # An inter-byte time-out of zero sets VMIN to 1: an empty read then means hang-up alone.
        super().__init__(path, baudrate, exclusive=True, inter_byte_timeout=0.0)
        try:
            self._claim()
        except OSError:
            self.close()
            raise

    def _claim(self) -> None:
        """Refuse every later open, also by programs that do not look at locks (ModemManager).

        Not on pseudo-terminals: they keep the mark while their other end is open, and a gateway
        that was killed would have locked itself out.
        """
        if os.major(os.fstat(self.fileno()).st_rdev) not in PTY_MAJORS:
            fcntl.ioctl(self.fileno(), termios.TIOCEXCL)

    def read(self, size: int = 1, /) -> bytes:
        """Return what is there, at most ``size`` octets.

        Raises:
            SerialException: the device is gone.
        """
        try:
            data = os.read(self.fileno(), size)
        except OSError as error:
            if error.errno in _NOT_NOW:
                return b""
            raise serial.SerialException(error.errno, f"read failed: {error.strerror}") from error
        if not data:
            raise serial.SerialException(errno.EIO, "hung up")
        return data

    def write(self, data: Any, /) -> int:
        """Write what there is room for and return how much that was.

        Raises:
            BlockingIOError: there is no room at all.
            SerialException: the device is gone.
        """
        try:
            return os.write(self.fileno(), data)
        except OSError as error:
            if error.errno in _NOT_NOW:
                raise BlockingIOError(error.errno, "no room") from error
            raise serial.SerialException(error.errno, f"write failed: {error.strerror}") from error

    def flush(self) -> None:
        """Do nothing: waiting for a dead stick to take its bytes would never end."""

    def close(self) -> None:
        """Close the device and drop what it did not take."""
        if self.is_open:
            with suppress(OSError, termios.error):
                termios.tcflush(self.fileno(), termios.TCOFLUSH)
        super().close()

    def _reset_input_buffer(self) -> None:
        """Keep what is there; pyserial would drop it at each open."""


class TtyTransport(serial_asyncio_fast.SerialTransport):
    """A serial transport that ends once, at once and quietly.

    The library's own waits for unwritten bytes before it closes, reports an unplugged stick as an
    error of the loop, and breaks when it is aborted while it closes.
    """

    def _abort(self, exc: BaseException | None) -> None:
        if not self.is_closing():
            super()._abort(exc)

    def _close(self, exc: BaseException | None = None) -> None:
        self._abort(exc)

    def _fatal_error(self, exc: BaseException, message: str = "") -> None:
        self._abort(exc)
