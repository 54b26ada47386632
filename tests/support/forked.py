"""What a test has of a child that `support.nursery` has forked: as of one that it had begun."""

from __future__ import annotations

import atexit
import os
import pickle
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import IO, Any, Final

from support.nursery import CODE, Order

SHOPBELL: Final = str(Path(sys.executable).parent / "shopbell")

NURSERY: Final = Path(__file__).with_name("nursery.py")

ROOT: Final = NURSERY.parents[2]


class Forked:
    """The part of `subprocess.Popen` that tests use.

    Args:
        program: of `support.nursery.PROGRAMS`.
        words: after the program's name.
        cwd: where it runs.
        stdout: is written to.
        stderr: is written to.
        env: the whole environment.
        stdin: has nothing to say.
    """

    def __init__(
        self,
        program: str,
        words: Sequence[str],
        *,
        cwd: Path,
        stdout: IO[bytes],
        stderr: IO[bytes],
        env: Mapping[str, str],
        stdin: int = subprocess.DEVNULL,
    ) -> None:
        assert stdin == subprocess.DEVNULL
        self._told, telling = os.pipe()
        order = Order(
            program=program, words=tuple(words), directory=str(cwd), environment=dict(env)
        )
        try:
            descriptors = [stdout.fileno(), stderr.fileno(), telling]
            socket.send_fds(_nursery(), [pickle.dumps(order)], descriptors)
        finally:
            os.close(telling)
        self.pid = self._heard()
        self.returncode: int | None = None

    def _heard(self) -> int:
        said = os.read(self._told, CODE.size)
        if not said:
            raise RuntimeError("the nursery of processes is gone")
        [value] = CODE.unpack(said)
        return int(value)

    def poll(self) -> int | None:
        """Return the exit code, or None while it runs."""
        return self._look(0.0)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end, and return the exit code.

        Raises:
            subprocess.TimeoutExpired: it did not end in these seconds.
        """
        code = self._look(timeout)
        if code is None:
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0.0)
        return code

    def _look(self, seconds: float | None) -> int | None:
        if self.returncode is None and select.select([self._told], [], [], seconds)[0]:
            self.returncode = self._heard()
            os.close(self._told)
        return self.returncode

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal, while it runs."""
        if self.poll() is None:
            with suppress(ProcessLookupError):  # it has ended just now
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


def fork_or_begin(command: Sequence[str], **surroundings: Any) -> Forked | subprocess.Popen[bytes]:
    """Have a program of ours forked, and begin any other from nothing."""
    match command:
        case [program, *words] if program == SHOPBELL:
            return Forked("shopbell", words, **surroundings)
        case [sys.executable, "-m", "hardware.simulator", *words]:
            return Forked("hardware.simulator", words, **surroundings)
    return subprocess.Popen(command, **surroundings)


@cache
def _nursery() -> socket.socket:
    """Begin the nursery of this process, with which it ends."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        child = subprocess.Popen(
            [sys.executable, NURSERY, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
    atexit.register(_close, ours, child)
    return ours


def _close(orders: socket.socket, child: subprocess.Popen[bytes]) -> None:
    orders.close()
    child.wait(timeout=10)
