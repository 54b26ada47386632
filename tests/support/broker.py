"""A real Mosquitto, as a child process of the tests, on a free port of the loopback.

Its settings are those of docs/broker.md where they bear on what is kept, so that the tests show
what an operator gets.
"""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Final

from support.daemon import Daemon
from support.ports import free_port

START_TIMEOUT_S: Final = 10

MOSQUITTO: Final = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin")


class Mosquitto(Daemon):
    """A broker that can be stopped, killed and started again on the same port and files.

    Attributes:
        host: where it listens.
        port: likewise.
        extra: lines added to its configuration at the next start.
        written: a whole configuration for port `port` that it runs on instead of its own.
    """

    host = "127.0.0.1"

    def __init__(
        self, directory: Path, *, anonymous: bool = True, durable: bool = False, extra: str = ""
    ) -> None:
        """Prepare a broker.

        Args:
            directory: for its configuration, its log and what it persists; must exist.
            anonymous: whether clients need no user; otherwise see `add_user`.
            durable: whether it writes to disk before it acknowledges, so that it forgets nothing
                when it is killed; it then takes about 100 messages a second. Otherwise it may
                forget the last second, but not a subscription that is older.
            extra: further lines of its configuration.

        Raises:
            RuntimeError: there is no mosquitto on this machine.
        """
        if MOSQUITTO is None:
            raise RuntimeError("mosquitto is not installed")
        self.port = free_port()
        self.extra = extra
        self.written: Path | None = None
        self._directory = directory
        self._anonymous = anonymous
        self._durable = durable
        self._passwords = directory / "passwords"
        self._passwords.touch(mode=0o600)
        super().__init__()

    @property
    def url(self) -> str:
        """Where it listens, as the configuration has it."""
        return f"mqtt://{self.host}:{self.port}"

    @property
    def log(self) -> str:
        """What it has logged since the first start."""
        return (self._directory / "mosquitto.log").read_text()

    def add_user(self, name: str, password: str) -> None:
        """Add a user; a running broker takes it up."""
        subprocess.run(
            ["mosquitto_passwd", "-b", str(self._passwords), name, password],
            check=True,
            capture_output=True,
        )
        self.reload()

    def reload(self) -> None:
        """Have it read its password file and its access list again."""
        if self._process is not None:
            self._process.send_signal(signal.SIGHUP)

    def start(self) -> None:
        """Start it, and return when it listens."""
        configuration = self.written or self._directory / "mosquitto.conf"
        if self.written is None:
            configuration.write_text(self._configuration())
        with (self._directory / "mosquitto.log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(MOSQUITTO), "-v", "-c", str(configuration)], stdout=log, stderr=log
            )
        self._wait_until_it_listens()

    def stop(self) -> None:
        """Stop it cleanly; it saves what it has."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Kill it, as a crash would."""
        self._end(signal.SIGKILL)

    def _configuration(self) -> str:
        lines = [
            f"listener {self.port} {self.host}",
            "user root",  # otherwise it becomes a user who may not write here
            f"allow_anonymous {str(self._anonymous).lower()}",
            "persistence true",
            f"persistence_location {self._directory}/",
            "autosave_interval 1",
            f"autosave_on_changes {str(self._durable).lower()}",
            "max_queued_messages 0",
        ]
        if not self._anonymous:
            lines.append(f"password_file {self._passwords}")
        return "\n".join([*lines, self.extra, ""])

    def _wait_until_it_listens(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise RuntimeError(f"mosquitto did not start:\n{self.log[-2000:]}")
            try:
                socket.create_connection((self.host, self.port), timeout=1).close()
            except OSError:
                time.sleep(0.02)
            else:
                return
        raise RuntimeError(f"mosquitto does not listen:\n{self.log[-2000:]}")
