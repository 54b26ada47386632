"""Cutting a connection to a server, so that whoever waits on it need not wait any more."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from typing import Any


def cut(driver: Any) -> None:
    """Cut a driver's connection, if there is one; in any thread.

    Its own ``close`` would wait for who uses it, and to close its descriptor under a thread that
    waits on it would leave that one waiting, or have it read what is another's by then.
    """
    if driver is None or driver.closed:
        return
    with suppress(OSError), socket.socket(fileno=os.dup(driver.pgconn.socket)) as line:
        line.shutdown(socket.SHUT_RDWR)
