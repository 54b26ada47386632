"""A server of the tests that can be stopped, killed and started again."""

from __future__ import annotations

import signal
import subprocess
from abc import ABC, abstractmethod

STOP_TIMEOUT_S = 20.0


class Daemon(ABC):
    """A child of this process, while it runs."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def start(self) -> None:
        """Start it, and return when it answers."""

    @abstractmethod
    def stop(self) -> None:
        """Stop it cleanly."""

    def restart(self) -> None:
        """Stop it cleanly and start it again."""
        self.stop()
        self.start()

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(how)
        try:
            process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
