"""The files of traces: one for each modem and connection, bounded in size and in number.

A disk that is full or gone costs the trace and nothing else: recording stops and says so once.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final, TextIO

import structlog

from gateway.domain.clock import Clock
from gateway.modem.port.transport import Opener
from gateway.modem.trace.recorder import Recorder
from gateway.modem.trace.tap import Tap
from gateway.modem.trace.trace import write_source

log = structlog.get_logger(__name__)

SIZE: Final = 4_000_000
"""Characters of one file: some days of an idle modem, or some 10,000 messages."""

KEPT: Final = 10
"""Files kept of each modem; a stick that comes and goes would fill the disk with beginnings."""


class Folder:
    """The folder of one gateway's traces."""

    def __init__(self, path: Path, clock: Clock, *, size: int = SIZE, kept: int = KEPT) -> None:
        self._path = path
        self._clock = clock
        self._kept = kept
        self.size = size

    def recording(self, modem: str, opener: Opener) -> Opener:
        """Return an opener whose connections are recorded, each in a file of its own."""

        async def open_recorded(port: str, protocol: asyncio.Protocol, *, baudrate: int) -> None:
            loop = asyncio.get_running_loop()
            begun = loop.time()
            sheet = FolderSheet(self, modem, f"{modem} at {port}")
            recorder = Recorder(sheet, lambda: loop.time() - begun)
            await opener(port, Tap(protocol, recorder), baudrate=baudrate)

        return open_recorded

    def begin(self, modem: str, source: str) -> TextIO:
        """Return a new file, and remove the oldest of the modem's that are too many.

        Raises:
            OSError: it cannot be made.
        """
        self._path.mkdir(parents=True, exist_ok=True)
        moment = self._clock.now()
        name = f"{modem}-{moment:%Y%m%dT%H%M%S}{moment.microsecond // 1000:03d}Z.txt"
        file = (self._path / name).open("a", encoding="utf-8", buffering=1)
        file.write(write_source(f"{source}, {moment:%Y-%m-%d %H:%M} UTC"))
        self._remove_old(modem)
        return file

    def _remove_old(self, modem: str) -> None:
        ours = re.compile(rf"{re.escape(modem)}-\d{{8}}T\d{{9}}Z\.txt")
        names = sorted(path for path in self._path.iterdir() if ours.fullmatch(path.name))
        for path in names[: -self._kept]:
            path.unlink(missing_ok=True)


class FolderSheet:
    """One connection's sheet, which begins with the first line and goes on in further files."""

    def __init__(self, folder: Folder, modem: str, source: str) -> None:
        self._folder = folder
        self._modem = modem
        self._source = source
        self._file: TextIO | None = None
        self._room = 0
        self._failed = False

    def write(self, text: str) -> bool:
        """Write lines; return whether they are the last of a file, so that another begins."""
        return self._attempt(lambda: self._write(text))

    def close(self) -> None:
        """Close the file."""
        self._attempt(self._close)

    def _write(self, text: str) -> bool:
        if self._file is None:
            self._file = self._folder.begin(self._modem, self._source)
            self._room = self._folder.size
        self._file.write(text)
        self._room -= len(text)
        return self._room <= 0 and self._close()

    def _close(self) -> bool:
        if self._file is not None:
            file, self._file = self._file, None
            file.close()
        return True

    def _attempt(self, step: Callable[[], bool]) -> bool:
        if self._failed:
            return False
        try:
            return step()
        except OSError as error:
            self._failed = True
            log.warning("trace_stopped", modem=self._modem, error=str(error))
            return False
