"""Other programs on the bench: started on a full spool, ended by their own ids.

What a program needs to be set up is in a module of its own; here is only the course of a run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.harness import Process, Simulator, wait_for
from bench.house import bank as options
from bench.record import Record, count_accepted, read_record

SEARCH_PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])

SLOWEST = 0.5
"""Messages a second below which a run is given up."""

START_LIMIT = 30
"""Seconds until the first message at most."""


class Peer(ABC):
    """A program to be compared with.

    Attributes:
        program: its name in the results, and Debian's name of its package.
        command: what it is called on the command line.
        settings: ways to set it up, by their names in the results.
    """

    program: str
    command: str
    settings: Sequence[str]

    @property
    def installed(self) -> bool:
        """Whether it is on this machine."""
        return shutil.which(self.command, path=SEARCH_PATH) is not None

    @abstractmethod
    def spool(self, directory: Path, setting: str, ports: Sequence[Path], messages: int) -> None:
        """Write configuration and ``messages`` messages with distinct texts into a directory."""

    @abstractmethod
    def commands(self, directory: Path, modems: int) -> list[list[str]]:
        """Return what to start in the directory."""

    @property
    def version(self) -> str:
        """Debian's version of its package."""
        asked = subprocess.run(
            ["dpkg-query", "-W", "-f", "${Version}", self.program],
            capture_output=True,
            text=True,
            check=False,
        )
        return asked.stdout or "unknown"


def run_peer(
    peer: Peer, setting: str, directory: Path, modems: int, messages: int, latency: float = 0
) -> Record:
    """Start a peer on a bank of modems with all its messages spooled; wait until all are out.

    Args:
        peer: the program.
        setting: one of its own.
        directory: where it keeps everything.
        modems: how many.
        messages: how many, dealt out over them.
        latency: seconds from Ctrl-Z to the modem's answer.

    Raises:
        AssertionError: it took too long.
        UncleanRunError: a message went out not at all, or twice.
    """
    with ExitStack() as stack:
        private = Path(stack.enter_context(TemporaryDirectory(dir=directory)))
        bank = Simulator(private / "bank", modems, *options(latency))
        stack.callback(bank.close)
        peer.spool(private, setting, [bank.port(number) for number in range(modems)], messages)
        for number, command in enumerate(peer.commands(private, modems)):
            stack.callback(Process(command, private, f"{peer.command}-{number}").close)
        log = bank.directory / "log.jsonl"
        wait_for(
            lambda: count_accepted(log) >= messages,
            START_LIMIT + messages / SLOWEST + messages * latency,
            f"{messages} messages by {peer.program}",
        )
        return read_record(log, messages)
