"""A disk without room stops the intake, says so, and costs nothing that was taken."""

from __future__ import annotations

import itertools
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.plugin import Build
from support.processes import wait_for
from support.store import Store

DISK = 24 * 1024 * 1024
"""Bytes; of the small file system that the database is on."""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small file system of its own."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a file system")
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(place)]
    made = subprocess.run(mount, capture_output=True, text=True, check=False)
    if made.returncode:
        pytest.skip(f"no file system can be mounted here: {made.stderr.strip()}")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.mark.timeout(120)
def test_a_full_disk_refuses_new_jobs_and_resumes_by_itself(disk: Path, house: Build) -> None:
    built = house(database=f"sqlite:///{disk}/shopbell.db")
    gateway = built.start()
    built.store.submit("before")
    built.store.await_state("before", "delivered")

    filler = disk / "filler"
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    filler.write_bytes(b"\0" * (free - 256 * 1024))
    numbers = itertools.count()

    def refused() -> bool:
        built.store.submit(f"during-{next(numbers)}")
        return bool(built.store.rejected)

    wait_for(refused, 20, "a rejection")
    rejected = built.store.rejected[0]
    assert rejected["error"]["code"] == "storage"
    assert built.store.states(rejected["id"]) == []
    assert gateway.stderr.read_text().count("intake_stopped") == 1

    filler.unlink()
    wait_for(lambda: _accepted(built.store, "after"), 20, "intake again")
    built.store.await_state("after", "delivered")
    assert gateway.stderr.read_text().count("intake_resumed") == 1


def _accepted(store: Store, job: str) -> bool:
    """Publish a job again, as a store does that was told to."""
    store.submit(job)
    return bool(store.states(job))
