"""Intake stops before the disk is full; outcomes go on into the reserve (fault 16)."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from gateway.db.space import INTERVAL, RESERVE, Space
from gateway.domain.errors import StorageFullError

MIB = 1024 * 1024

pytestmark = pytest.mark.sqlite_only("a server's disk is its own")


@pytest.mark.parametrize(
    ("size", "free", "enough"),
    [
        (1000 * MIB, RESERVE, True),
        (1000 * MIB, RESERVE - 4096, False),
        (100 * MIB, 5 * MIB, True),
        (100 * MIB, 5 * MIB - 4096, False),
    ],
)
def test_the_reserve(
    size: int, free: int, enough: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = SimpleNamespace(f_frsize=4096, f_blocks=size // 4096, f_bavail=free // 4096)
    monkeypatch.setattr(os, "statvfs", lambda _: disk)
    space = Space(tmp_path / "shopbell.db")
    if enough:
        space.require()
    else:
        with pytest.raises(StorageFullError, match="reserve"):
            space.require()


def test_it_looks_again_only_after_a_while_and_then_intake_resumes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, looks = 1000.0, [0, 100 * MIB]
    monkeypatch.setattr("gateway.db.space.monotonic", lambda: now)
    monkeypatch.setattr(
        os,
        "statvfs",
        lambda _: SimpleNamespace(f_frsize=1, f_blocks=1000 * MIB, f_bavail=looks.pop(0)),
    )
    space = Space(tmp_path / "shopbell.db")
    for _ in range(100):
        with pytest.raises(StorageFullError):
            space.require()
    now += INTERVAL
    space.require()
    assert looks == []
