"""A backup that is not what it should be is refused, and nothing is written where none may be."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from support.backups import manifest_of

from gateway.backup import archive
from gateway.backup.archive import describe, read_archive, write_archive
from gateway.backup.errors import BackupError
from gateway.backup.manifest import Manifest

AT = datetime(2026, 11, 26, 21, tzinfo=UTC)
OCTETS = b"SQLite format 3\0" * 1000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "unpacked"
    made.mkdir()
    return made


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    database = tmp_path / "a.db"
    database.write_bytes(OCTETS)
    members = {"shopbell.db": describe(database)}
    manifest = Manifest(version="1", schema="0015", node="b", copied_at=AT, members=members)
    target = tmp_path / "whole"
    write_archive(target, manifest, {"shopbell.db": database})
    return target


def manifest(**members: bytes) -> dict[str, Any]:
    return {
        "format": 1,
        "version": "1",
        "schema": "0015",
        "node": "b",
        "copied_at": "2026-11-26T21:00:00Z",
        "counts": {},
        "members": {
            name.replace("_", "."): {"size": len(it), "sha256": hashlib.sha256(it).hexdigest()}
            for name, it in members.items()
        },
    }


def forged(path: Path, said: object, *members: tuple[tarfile.TarInfo, bytes]) -> Path:
    """Write an archive that says and holds whatever it is told."""
    text = json.dumps(said).encode()
    first = tarfile.TarInfo("manifest.json")
    first.size = len(text)
    with tarfile.open(path, "w:gz") as tar:
        for header, octets in [(first, text), *members]:
            tar.addfile(header, io.BytesIO(octets))
    return path


def file_of(name: str, octets: bytes) -> tuple[tarfile.TarInfo, bytes]:
    header = tarfile.TarInfo(name)
    header.size = len(octets)
    return header, octets


def link_of(name: str, target: str) -> tuple[tarfile.TarInfo, bytes]:
    header = tarfile.TarInfo(name)
    header.type, header.linkname = tarfile.SYMTYPE, target
    return header, b""


def test_it_comes_back_as_it_went(whole: Path, folder: Path) -> None:
    told = read_archive(whole, folder)
    assert (folder / "shopbell.db").read_bytes() == OCTETS
    assert told == manifest_of(whole)
    assert whole.stat().st_mode & 0o777 == 0o600
    assert (folder / "shopbell.db").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.99, 0.999])
def test_half_a_file_is_refused(whole: Path, folder: Path, share: float) -> None:
    octets = whole.read_bytes()
    whole.write_bytes(octets[: int(len(octets) * share)])
    with pytest.raises(BackupError, match=r"take another backup|no backup of Shopbell"):
        read_archive(whole, folder)


def test_every_octet_is_checked(whole: Path, folder: Path) -> None:
    plain = bytearray(gzip.decompress(whole.read_bytes()))
    plain[-tarfile.RECORDSIZE // 2 - 3000] ^= 1
    at = plain.rfind(b"SQLite")
    plain[at] ^= 1
    whole.write_bytes(gzip.compress(bytes(plain)))
    with pytest.raises(BackupError, match=r"shopbell\.db is not what was written"):
        read_archive(whole, folder)


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("../escaped", file_of("../escaped", b"x")),
        ("/tmp/escaped", file_of("/tmp/escaped", b"x")),
        ("shopbell.key", file_of("shopbell.key", b"x")),
        ("shopbell.db", link_of("shopbell.db", "/etc/passwd")),
    ],
)
def test_what_the_manifest_does_not_tell_of_is_written_nowhere(
    tmp_path: Path, folder: Path, name: str, more: tuple[tarfile.TarInfo, bytes]
) -> None:
    bad = forged(tmp_path / "bad", manifest(shopbell_db=OCTETS), more)
    with pytest.raises(BackupError, match="does not tell of"):
        read_archive(bad, folder)
    assert list(folder.iterdir()) == []
    assert not (tmp_path / "escaped").exists()


@pytest.mark.parametrize("name", ["../../shopbell.db", "/etc/passwd", "shopbell.db/../x"])
def test_a_manifest_that_names_a_path_is_refused(tmp_path: Path, folder: Path, name: str) -> None:
    said = manifest(shopbell_db=OCTETS)
    said["members"][name] = said["members"]["shopbell.db"]
    bad = forged(tmp_path / "bad", said, file_of(name, OCTETS))
    with pytest.raises(BackupError, match="which no backup holds"):
        read_archive(bad, folder)


def test_a_small_file_cannot_fill_the_disk(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "OVERHEAD", 20_000)
    said = manifest(shopbell_db=b"")
    bad = forged(tmp_path / "bad", said, file_of("shopbell.db", b"\0" * 10_000_000))
    assert bad.stat().st_size < 20_000
    with pytest.raises(BackupError, match=r"not what was written|unpacks to more"):
        read_archive(bad, folder)
    assert sum(file.stat().st_size for file in folder.iterdir()) == 0


def test_more_than_the_disk_has_is_refused_before_anything_is_written(
    tmp_path: Path, folder: Path
) -> None:
    said = manifest(shopbell_db=b"")
    said["members"]["shopbell.db"]["size"] = 1 << 60
    bad = forged(tmp_path / "bad", said)
    with pytest.raises(BackupError, match="make room first"):
        read_archive(bad, folder)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (manifest(shopbell_db=b"") | {"format": 2}, "has the format 2"),
        (manifest(), "holds no shopbell.db"),
        ([], "cannot be read"),
        ({"format": 1}, "cannot be read"),
    ],
)
def test_a_manifest_that_is_none_is_refused(
    tmp_path: Path, folder: Path, said: object, words: str
) -> None:
    with pytest.raises(BackupError, match=words):
        read_archive(forged(tmp_path / "bad", said), folder)


def test_what_is_no_backup_is_said_to_be_none(tmp_path: Path, folder: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("nothing")
    with pytest.raises(BackupError, match=r"notes\.txt"):
        read_archive(text, folder)
    with pytest.raises(BackupError, match="there is no such file"):
        read_archive(tmp_path / "none", folder)
