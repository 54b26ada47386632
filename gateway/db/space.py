"""Room on the disk: intake stops before the disk is full.

A message that was handed to a modem has an outcome to be recorded, and that takes room. Were the
disk filled to the last page with new jobs, the gateway would know of messages whose fate it cannot
write down. So new jobs are refused while a reserve is still free, and everything else goes on
into it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Final

from gateway.domain.errors import StorageFullError

RESERVE: Final = 16 * 1024 * 1024
"""Bytes kept free: about 50,000 outcomes with their statuses, and the log file at its longest."""

SMALL_DISK_SHARE: Final = 0.05
"""Of the file system, where that is less: on a small one the reserve is not most of it."""

INTERVAL: Final = 0.5
"""Seconds for which one look holds; asking the system at every job would cost more than the job."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Room:
    """How much room a database takes, and how much there is; octets."""

    database: int
    log: int
    free: int
    """Of its file system, for us."""
    disk: int
    reserve: int
    """Of what is free, kept for outcomes: with less than it no new jobs are taken."""


class Space:
    """Watches the file system of one file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._folder = path.parent
        self._log = path.with_name(path.name + "-wal")
        self._looked = -INTERVAL
        self._lacking = False

    def require(self) -> None:
        """Pass while there is more room than the reserve.

        Raises:
            StorageFullError: there is not.
        """
        now = monotonic()
        if now - self._looked >= INTERVAL:
            self._looked = now
            self._lacking = _is_lacking(self._folder)
        if self._lacking:
            raise StorageFullError(
                f"the disk of {self._folder} has less free than the reserve kept for outcomes"
            )

    def log_size(self) -> int:
        """Return the octets of the database's log; 0 where there is none."""
        return _size(self._log)

    def room(self) -> Room:
        """Look how much room there is."""
        disk = os.statvfs(self._folder)
        return Room(
            database=_size(self._path),
            log=self.log_size(),
            free=disk.f_bavail * disk.f_frsize,
            disk=disk.f_blocks * disk.f_frsize,
            reserve=_reserve(disk),
        )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _reserve(disk: os.statvfs_result) -> int:
    return int(min(RESERVE, disk.f_blocks * disk.f_frsize * SMALL_DISK_SHARE))


def _is_lacking(folder: Path) -> bool:
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize < _reserve(disk)
