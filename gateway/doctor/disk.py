"""The disk: room, and how long it takes to make a commit last."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Final

from gateway.db.space import RESERVE, SMALL_DISK_SHARE
from gateway.doctor.box import megabytes
from gateway.doctor.finding import Finding, warning, well, wrong

LITTLE: Final = 256 * 1024**2
"""Octets: a month of a busy shop's history (RELIABILITY.md 4.2: 252 MiB for a million jobs)."""

INODES_SHARE: Final = 0.02

SLOW: Final = 0.05
"""Seconds for one fsync: twice what a bad card takes (RELIABILITY.md 0.8). A message has three
commits, so that lines begin to wait for the disk."""

STUCK: Final = 0.5
"""Seconds: the disk is at its end, or something else writes all the time."""

_OCTETS: Final = b"\0" * 4096
"""One page of the database."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DiskFacts:
    """What was seen of the file system of one folder."""

    folder: str
    free: int
    """Octets that are left for who is not root."""
    total: int
    inodes_free: int
    inodes: int
    """0 where the file system has no fixed number."""
    fsync: float | None
    """Seconds for one; None where this user may not write there."""


def look(folder: Path) -> DiskFacts:
    """Look at the disk; writes one page into a file without a name."""
    disk = os.statvfs(folder)
    return DiskFacts(
        folder=str(folder),
        free=disk.f_bavail * disk.f_frsize,
        total=disk.f_blocks * disk.f_frsize,
        inodes_free=disk.f_favail,
        inodes=disk.f_files,
        fsync=_measure(folder),
    )


def judge(facts: DiskFacts) -> Iterator[Finding]:
    """Tell what is wrong with it."""
    yield _judge_room(facts)
    if facts.inodes and facts.inodes_free < INODES_SHARE * facts.inodes:
        yield wrong(
            "disk.inodes",
            f"the file system of {facts.folder} has {facts.inodes_free} of {facts.inodes} inodes "
            "left: soon no file can be made, however much room there is",
            f"`du --inodes -x -d 3 $(findmnt -no TARGET -T {facts.folder}) | sort -n | tail` names "
            "who has so many files; delete there",
        )
    if facts.fsync is not None:
        yield _judge_fsync(facts.fsync)


def _judge_room(facts: DiskFacts) -> Finding:
    said = f"{megabytes(facts.free)} of {megabytes(facts.total)} are free at {facts.folder}"
    remedy = (
        f"`du -xh -d 2 $(findmnt -no TARGET -T {facts.folder}) | sort -h | tail` names what is "
        "large; `journalctl --vacuum-size=100M` frees old logs"
    )
    if facts.free < min(RESERVE, facts.total * SMALL_DISK_SHARE):
        return wrong("disk.full", f"{said}: new jobs are refused", remedy)
    if facts.free < LITTLE:
        return warning("disk.little", said, remedy)
    return well("disk.room", said)


def _judge_fsync(seconds: float) -> Finding:
    said = f"a commit takes {seconds * 1000:.1f} ms to last"
    if seconds < SLOW:
        return well("disk.fsync", said)
    remedy = (
        "put the database on an SSD, or on a card for industrial use, and nothing else that writes "
        "(`iotop -o` names it)"
    )
    kind = wrong if seconds >= STUCK else warning
    return kind("disk.slow", f"{said}: messages wait for the disk", remedy)


def _measure(folder: Path) -> float | None:
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(_OCTETS)
            file.flush()
            begun = perf_counter()
            os.fsync(file.fileno())
            return perf_counter() - begun
    except OSError:  # to write there is the gateway's user's right; `ports` and `box` tell more
        return None
