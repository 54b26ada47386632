"""A backup as one file: a gzipped tar of a manifest and what it tells of.

The names that it may hold are known, and nothing is written under a name that comes out of it: no
path in it leads anywhere. Of each member as many octets are read as the manifest says, and no more
than there is room for, so that a small file cannot fill the disk.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO, Final

from gateway.backup.errors import BackupError
from gateway.backup.manifest import DATABASE, MEMBERS, MOST, NAME, Manifest, Member, read_manifest

LEVEL: Final = 1
"""Of gzip: a queue shrinks to a fifth by it, and a higher level takes twice as long for little."""

CHUNK: Final = 1024 * 1024
SMALL: Final = 1024 * 1024
"""Octets of a member that is no database."""

OVERHEAD: Final = 4 * 1024 * 1024
"""Octets of headers, padding and the manifest."""

RESERVE: Final = 64 * 1024 * 1024
"""Octets that are to be free on a disk after a backup was unpacked there."""


def describe(file: Path) -> Member:
    """Return what the manifest says of a file."""
    digest, size = hashlib.sha256(), 0
    with file.open("rb") as source:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return Member(size=size, sha256=digest.hexdigest())


def write_archive(target: Path, manifest: Manifest, files: Mapping[str, Path]) -> None:
    """Write a backup into a new file, for its owner alone, down to the disk.

    Args:
        target: it does not exist.
        manifest: tells of each file.
        files: by the name of the member.
    """
    descriptor = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as sink:
        with tarfile.open(fileobj=sink, mode="w:gz", compresslevel=LEVEL) as tar:
            text = manifest.to_json()
            tar.addfile(_header(NAME, len(text)), BytesIO(text))
            for name, file in files.items():
                with file.open("rb") as source:
                    tar.addfile(_header(name, manifest.members[name].size), source)
        sink.flush()
        os.fsync(sink.fileno())


def _header(name: str, size: int) -> tarfile.TarInfo:
    header = tarfile.TarInfo(name)
    header.size, header.mode = size, 0o600
    return header


def read_archive(file: Path, folder: Path) -> Manifest:
    """Unpack a backup into an empty folder and check each octet of it; return its manifest.

    Raises:
        BackupError: it is no backup, half of one, changed, or too large for the disk.
    """
    with _opened(file) as (tar, bounded):
        members = iter(tar)
        manifest = _first(members, tar)
        _require_room(manifest, folder)
        bounded.left += sum(member.size for member in manifest.members.values())
        left = dict(manifest.members)
        for header in members:
            told = left.pop(header.name, None)
            if told is None or not header.isreg():
                raise BackupError(f"it holds {header.name!r}, which its {NAME} does not tell of")
            # The name is one of ours by now, and that alone is used.
            _unpack(_contents(tar, header), folder / header.name, told)
        if left:
            raise BackupError(f"{', '.join(sorted(left))} is not in it; take another backup")
        while bounded.read(CHUNK):  # to the end, where the checksum of the whole is
            pass
    return manifest


class _Bounded:
    """What a file unpacks to, up to so many octets: whatever its headers say, no more is read."""

    def __init__(self, source: gzip.GzipFile) -> None:
        self.left = OVERHEAD
        self._source = source

    def read(self, size: int) -> bytes:
        """Read at most ``size`` octets.

        Raises:
            BackupError: there is more than there may be.
        """
        octets = self._source.read(size)
        self.left -= len(octets)
        if self.left < 0:
            raise BackupError(f"it unpacks to more than its {NAME} tells of; take another backup")
        return octets


@contextmanager
def _opened(file: Path) -> Iterator[tuple[tarfile.TarFile, _Bounded]]:
    with _plain_words(file), gzip.open(file, "rb") as source:
        bounded = _Bounded(source)
        with tarfile.open(fileobj=bounded, mode="r|") as tar:  # type: ignore[call-overload]
            yield tar, bounded


def _first(members: Iterator[tarfile.TarInfo], tar: tarfile.TarFile) -> Manifest:
    header = next(members, None)
    if header is None or header.name != NAME or not header.isreg() or header.size > MOST:
        raise BackupError(f"it does not begin with a {NAME}; it is no backup of Shopbell's")
    manifest = read_manifest(_contents(tar, header).read(MOST))
    for name in (DATABASE,):
        if name not in manifest.members:
            raise BackupError(f"it holds no {name}; take another backup")
    for name in MEMBERS - {DATABASE}:
        if name in manifest.members and manifest.members[name].size > SMALL:
            raise BackupError(f"its {name} is larger than any is; take another backup")
    return manifest


def _contents(tar: tarfile.TarFile, header: tarfile.TarInfo) -> IO[bytes]:
    contents = tar.extractfile(header)
    if contents is None:
        raise BackupError(f"its {header.name!r} is no file; take another backup")
    return contents


def _unpack(source: IO[bytes], target: Path, told: Member) -> None:
    digest, left = hashlib.sha256(), told.size
    descriptor = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as sink:
        while left and (chunk := source.read(min(CHUNK, left))):
            digest.update(chunk)
            sink.write(chunk)
            left -= len(chunk)
        if left or source.read(1) or digest.hexdigest() != told.sha256:
            raise BackupError(f"its {target.name} is not what was written; take another backup")
        sink.flush()
        os.fsync(sink.fileno())


def _require_room(manifest: Manifest, folder: Path) -> None:
    needed = sum(member.size for member in manifest.members.values()) + RESERVE
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise BackupError(
            f"it needs {needed // 10**6} MB beside the database, and {free // 10**6} MB are free; "
            "make room first"
        )


@contextmanager
def _plain_words(file: Path) -> Iterator[None]:
    """Say in one sentence what is wrong with a file, and which."""
    try:
        yield
    except BackupError as error:
        raise BackupError(f"{file}: {error}") from None
    except (tarfile.TarError, EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise BackupError(
            f"{file}: it is damaged, or only half of it is here ({error}); take another backup"
        ) from error
    except FileNotFoundError:
        raise BackupError(f"{file}: there is no such file") from None
    except OSError as error:
        raise BackupError(f"{file}: {(error.strerror or str(error)).lower()}") from error
