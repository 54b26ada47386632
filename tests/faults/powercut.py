"""A disk whose power can be cut: what was not synced is lost, in part or whole.

It stands between SQLite and the files (as a VFS of apsw) and keeps, for each file, what the last
sync made durable and what was written since. At the cut, the durable part is what a machine finds
when it starts again, with any number of the later writes, in 512-octet sectors: a disk writes what
it likes, in the order it likes, until it is told to sync. Ending a process shows none of this, for
the kernel has its pages still.

    disk = PowerCutDisk(random.Random(seed))
    async with Database.open(url, driver=disk.driver): ...   # disk.cut_after(n) at some time
    disk.cut()
    disk.start_again(folder)    # the files as they are found
"""

from __future__ import annotations

import itertools
import random
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw
from faults.apsw_dbapi import driver

SECTOR = 512
_numbers = itertools.count()


@dataclass
class _File:
    durable: bytearray | None
    """None: its name is not on the disk yet."""
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)
    """What was written since the last sync: where and what; None cuts the file there."""

    def sync(self) -> None:
        self.durable = self.durable or bytearray()
        for offset, data in self.pending:
            _apply(self.durable, offset, data)
        self.pending.clear()

    def found(self, choice: random.Random) -> bytes | None:
        """What is there when the power comes back."""
        if self.durable is None:
            return None
        content, share = bytearray(self.durable), choice.choice([0.0, 0.5, 0.95])
        for offset, data in self.pending:
            for place, piece in _sectors(offset, data):
                if choice.random() < share:
                    _apply(content, place, piece)
        return bytes(content)


def _apply(content: bytearray, offset: int, data: bytes | None) -> None:
    if data is None:
        del content[offset:]
        return
    content.extend(bytes(max(0, offset - len(content))))
    content[offset : offset + len(data)] = data


def _sectors(offset: int, data: bytes | None) -> list[tuple[int, bytes | None]]:
    if data is None:
        return [(offset, None)]
    edges = [offset, *range((offset // SECTOR + 1) * SECTOR, offset + len(data), SECTOR)]
    ends = [*edges[1:], offset + len(data)]
    return [(a, data[a - offset : b - offset]) for a, b in zip(edges, ends, strict=True)]


class PowerCutDisk:
    """Holds the files that are opened through its ``driver``."""

    def __init__(self, choice: random.Random) -> None:
        self.operations = 0
        """Writes, truncations, syncs and deletions so far."""
        self._choice = choice
        self._lock = threading.Lock()
        self._files: dict[str, _File] = {}
        self._ghosts: dict[str, _File] = {}
        """Deleted by name, while the folder was not synced since."""
        self._found: dict[str, bytes | None] | None = None
        self._cut_at: int | None = None
        name = f"powercut-{next(_numbers)}"
        self._vfs = _Vfs(name, self)
        self.driver = driver(name)

    @property
    def is_off(self) -> bool:
        return self._found is not None

    def cut_after(self, operations: int) -> None:
        """Cut the power before the operation after so many more."""
        self._cut_at = self.operations + operations

    def cut(self) -> None:
        """Cut the power now; from here on every write and sync fails."""
        if self._found is None:
            self._found = {path: self._find(path) for path in self._files.keys() | self._ghosts}

    def start_again(self, folder: Path) -> None:
        """Write what the machine finds into a folder."""
        assert self._found is not None, "the power is on"
        folder.mkdir()
        for path, content in self._found.items():
            if content is not None:
                (folder / Path(path).name).write_bytes(content)

    def opened(self, path: str) -> None:
        with self._lock:
            there = Path(path)
            content = bytearray(there.read_bytes()) if there.exists() else None
            self._files.setdefault(path, _File(content))

    def written(self, path: str, offset: int, data: bytes | None) -> None:
        with self._lock:
            self._operate()
            self._files[path].pending.append((offset, data))

    def synced(self, path: str) -> None:
        with self._lock:
            self._operate()
            file = self._files[path]
            if file.durable is None:
                self._ghosts.clear()  # SQLite syncs the folder with a new log's first sync
            file.sync()

    def deleted(self, path: str, *, synced: bool) -> None:
        with self._lock:
            self._operate()
            file = self._files.pop(path, None)
            if file is not None and not synced:
                self._ghosts[path] = file

    def _find(self, path: str) -> bytes | None:
        places = [files[path] for files in (self._files, self._ghosts) if path in files]
        return self._choice.choice(places).found(self._choice)

    def _operate(self) -> None:
        if self._cut_at is not None and self.operations >= self._cut_at:
            self.cut()
        if self.is_off:
            raise PowerIsOff
        self.operations += 1


class PowerIsOff(apsw.IOError):
    extendedresult = apsw.SQLITE_IOERR_WRITE


class _Vfs(apsw.VFS):
    def __init__(self, name: str, disk: PowerCutDisk) -> None:
        super().__init__(name, base="")
        self._disk = disk

    def xOpen(self, name: Any, flags: list[int]) -> _VfsFile:  # noqa: N802 - SQLite's name
        return _VfsFile(name, flags, self._disk)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        self._disk.deleted(filename, synced=syncdir)
        super().xDelete(filename, syncdir)


class _VfsFile(apsw.VFSFile):
    def __init__(self, name: Any, flags: list[int], disk: PowerCutDisk) -> None:
        self._disk = disk
        self._path = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        disk.opened(self._path)
        super().__init__("", name, flags)

    def xWrite(self, data: Any, offset: int) -> None:  # noqa: N802
        self._disk.written(self._path, offset, bytes(data))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        self._disk.written(self._path, newsize, None)
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self._disk.synced(self._path)
