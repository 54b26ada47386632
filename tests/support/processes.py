"""Processes of the tests: started with a line that says they are ready, ended by their own id."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from support.forked import Forked, fork_or_begin

from hardware.simulator.control import ControlClient

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"

FROM_NOTHING = {"LD_PRELOAD", "PYTHONPATH", "PYTHONWARNINGS"}
"""Variables that a program goes by only as it begins."""


def wait_for(condition: Callable[[], Any], seconds: float, what: str) -> Any:
    """Return what ``condition`` returns once it is true; fail with ``what`` after ``seconds``."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds:g} s: {what}")


class Process:
    """A child with its output in files.

    Attributes:
        started: all since somebody emptied the list, so that what they log can be looked at.
        forked: whether a program of ours may be forked instead of begun from nothing: the suite
            has it so, what measures has not.
    """

    started: ClassVar[list[Process]] = []
    forked: ClassVar[bool] = False

    def __init__(
        self,
        command: Sequence[str | Path],
        directory: Path,
        name: str,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.stdout = directory / f"{name}.out"
        self.stderr = directory / f"{name}.err"
        with self.stdout.open("ab") as out, self.stderr.open("ab") as err:
            begin: Callable[..., Forked | subprocess.Popen[bytes]] = subprocess.Popen
            if self.forked and FROM_NOTHING.isdisjoint(environment or {}):
                begin = fork_or_begin
            self._child = begin(
                [str(word) for word in command],
                cwd=directory,
                stdout=out,
                stderr=err,
                stdin=subprocess.DEVNULL,
                env=os.environ | (environment or {}),
            )
        self.started.append(self)

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._child.pid

    @property
    def ended(self) -> bool:
        """Whether the child is gone."""
        return self._child.poll() is not None

    def wait_line(self, line: str, seconds: float = 30.0) -> None:
        """Wait until the child has printed ``line``."""
        wait_for(
            lambda: self.ended or line in self.stdout.read_text().splitlines(),
            seconds,
            f"{line!r} in {self.stdout}: {self.stderr.read_text()[-2000:]}",
        )
        assert not self.ended, f"ended early: {self.stderr.read_text()[-4000:]}"

    def wait_end(self, seconds: float = 30.0) -> int:
        """Wait for the child to end and return its exit code."""
        return self._child.wait(timeout=seconds)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the child."""
        self._child.send_signal(number)

    def kill(self) -> None:
        """End the child at once, as a crash does."""
        self._child.kill()
        self._child.wait(timeout=10)

    def close(self) -> None:
        """End the child if it still runs."""
        if not self.ended:
            self._child.terminate()
            try:
                self._child.wait(timeout=15)
            except subprocess.TimeoutExpired:
                self.kill()


class Simulator(Process):
    """A bank of simulated modems as a process of its own."""

    def __init__(self, directory: Path, modems: int, *options: str) -> None:
        self.directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        super().__init__(
            [
                *(sys.executable, "-m", "hardware.simulator", directory),
                *("--modems", str(modems)),
                *options,
            ],
            directory,
            "simulator",
        )
        self.wait_line("ready")

    def port(self, number: int) -> Path:
        """The stable path of a modem."""
        return self.directory / f"modem{number}"

    def ask(self, **request: Any) -> dict[str, Any]:
        """Ask the bank over its control channel."""
        with ControlClient(self.directory / "control.sock") as control:
            return dict(control.ask(**request))
