"""The files of traces: one for each modem and connection, bounded in size and in number.

A disk that is full, slow or gone costs the trace and nothing else: recording stops and says so
once. Writing is done in a thread, so that no modem waits for a disk.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
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

BACKLOG: Final = 10_000
"""Writes that may wait for the disk, some minutes of a busy modem; behind them recording stops."""

Step = Callable[[], None]


class Folder:
    """The folder of one gateway's traces, and the one thread that writes them."""

    def __init__(self, path: Path, clock: Clock, *, size: int = SIZE, kept: int = KEPT) -> None:
        self._path = path
        self._clock = clock
        self._kept = kept
        self.size = size
        self._room = threading.Semaphore(BACKLOG)
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="traces")

    def now(self) -> datetime:
        """Return the time, for the name of a file."""
        return self._clock.now()

    def finish(self) -> None:
        """Wait until all is written."""
        self._writer.submit(lambda: None).result()

    def put(self, step: Step) -> bool:
        """Have something done by the writer, in turn; return False when too much waits already."""
        if not self._room.acquire(blocking=False):
            return False
        self._writer.submit(step).add_done_callback(lambda _: self._room.release())
        return True

    def recording(self, modem: str, opener: Opener) -> Opener:
        """Return an opener whose connections are recorded, each in a file of its own."""

        async def open_recorded(port: str, protocol: asyncio.Protocol, *, baudrate: int) -> None:
            loop = asyncio.get_running_loop()
            begun = loop.time()
            sheet = FolderSheet(self, modem, f"{modem} at {port}")
            recorder = Recorder(sheet, lambda: loop.time() - begun)
            await opener(port, Tap(protocol, recorder), baudrate=baudrate)

        return open_recorded

    def begin(self, modem: str, source: str, moment: datetime) -> TextIO:
        """Return a new file, and remove the oldest of the modem's that are too many.

        Raises:
            OSError: it cannot be made.
        """
        self._path.mkdir(parents=True, exist_ok=True)
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
        self._room = 0
        self._file: TextIO | None = None
        """The writer's alone, like all that is done in a step."""
        self._failed = False

    def write(self, text: str) -> bool:
        """Write lines; return whether they are the last of a file, so that another begins."""
        if self._failed:
            return False
        if self._room <= 0:
            self._room = self._folder.size
            moment = self._folder.now()
            self._put(lambda: self._begin(moment))
        self._put(lambda: self._write(text))
        self._room -= len(text)
        if self._room <= 0:
            self._put(self._close)
        return self._room <= 0

    def close(self) -> None:
        """Close the file."""
        self._put(self._close)

    def _put(self, step: Step) -> None:
        if not self._folder.put(lambda: self._attempt(step)):
            self._fail("the disk does not keep up")

    def _fail(self, why: str) -> None:
        if not self._failed:
            self._failed = True
            log.warning("trace_stopped", modem=self._modem, error=why)

    # In the writer's thread.

    def _attempt(self, step: Step) -> None:
        try:
            if self._failed:
                self._close()
            else:
                step()
        except OSError as error:
            self._fail(str(error))

    def _begin(self, moment: datetime) -> None:
        self._file = self._folder.begin(self._modem, self._source, moment)

    def _write(self, text: str) -> None:
        if self._file is not None:
            self._file.write(text)

    def _close(self) -> None:
        if self._file is not None:
            file, self._file = self._file, None
            file.close()
