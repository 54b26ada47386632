"""A process that has imported all that a gateway imports, and forks those that tests start.

To import a gateway takes two seconds of CPU, and the suite starts hundreds. A forked one is a
process like any other, with memory, signals and an end of its own; what it does not show is that
the program starts from nothing, which tests/cli and tests/installing look at.

Run as a program it is the nursery, with the socket to its one client; it ends with that.
"""

from __future__ import annotations

import gc
import os
import pickle
import select
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final

CODE: Final = struct.Struct("!i")
"""How a child's pid is told, and its exit code."""

LONGEST: Final = 1 << 20
"""Octets of an order, most of which is the environment."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is to be run; its stdout, its stderr, and where to tell of it go along."""

    program: str
    """One of `PROGRAMS`."""
    words: tuple[str, ...]
    directory: str
    environment: Mapping[str, str]


def _shopbell(_words: tuple[str, ...]) -> None:
    from gateway.cli import main

    main()


def _simulator(words: tuple[str, ...]) -> None:
    from hardware.simulator.__main__ import main

    sys.exit(main(list(words)))


PROGRAMS: Final[Mapping[str, Callable[[tuple[str, ...]], None]]] = {
    "shopbell": _shopbell,
    "hardware.simulator": _simulator,
}


class Nursery:
    """Forks, and tells of each child by which id it is known, and how it ended.

    Args:
        orders: a connected socket of `socket.SOCK_SEQPACKET`.
    """

    def __init__(self, orders: socket.socket) -> None:
        self._orders = orders
        self._telling: dict[int, int] = {}
        """The pipe by which the end of a child is told, by its id."""

    def run(self) -> Order | None:
        """Return in each child what it is to do; in the nursery, None at the end."""
        woken, wake = os.pipe()
        for end in (woken, wake):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(wake)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the tests, with which it ends
        while True:
            ready, _, _ = select.select([self._orders, woken], [], [])
            if woken in ready:
                os.read(woken, 4096)
                self._bury()
            if self._orders in ready:
                said, descriptors, _, _ = socket.recv_fds(self._orders, LONGEST, 3)
                if not said:
                    return None
                order: Order = pickle.loads(said)  # noqa: S301 -- of the test beside us
                if self._fork(*descriptors):
                    _become(order, *descriptors[:2])
                    return order

    def _fork(self, out: int, err: int, telling: int) -> bool:
        """Tell whether this is the child."""
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            self._orders.close()
            for other in (telling, *self._telling.values()):
                os.close(other)
            return True
        os.close(out)
        os.close(err)
        os.write(telling, CODE.pack(pid))
        self._telling[pid] = telling
        return False

    def _bury(self) -> None:
        while self._telling:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            telling = self._telling.pop(pid)
            os.write(telling, CODE.pack(os.waitstatus_to_exitcode(status)))
            os.close(telling)


def _become(order: Order, out: int, err: int) -> None:
    """Have the surroundings that the order names, as after an exec."""
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.close(out)
    os.close(err)
    os.chdir(order.directory)
    os.environ.clear()
    os.environ.update(order.environment)
    time.tzset()
    sys.argv = [str(Path(sys.executable).parent / order.program), *order.words]


def _warm() -> None:
    """Import what is imported sooner or later."""
    for name in ("gateway.app", "gateway.cli.logs", "hardware.simulator.__main__"):
        import_module(name)
    gc.collect()
    gc.freeze()


def main(descriptor: str) -> None:
    """Be the nursery."""
    nursery = Nursery(socket.socket(fileno=int(descriptor)))
    _warm()
    order = nursery.run()
    if order is not None:
        PROGRAMS[order.program](order.words)


if __name__ == "__main__":
    main(sys.argv[1])
