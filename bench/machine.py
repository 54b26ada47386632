"""The machine under the figures: without it they say nothing."""

from __future__ import annotations

import os
import platform
import sqlite3
import subprocess
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryFile

from bench.figures import Distribution
from bench.harness import MOSQUITTO, ROOT, program

SYNCS = 200
PAGE = 4096
"""Octets written before each sync: a page of the database's log."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Machine:
    """Where and when it was measured."""

    at: str
    cores: int
    processor: str
    memory_gb: float
    kernel: str
    load: float
    """Of the last minute before the first run: above a third of the cores, somebody else works."""
    fsync: Distribution | None
    """Of an appended page, in the directory of the runs."""
    commit: str
    versions: dict[str, str]
    load_after: float = 0.0
    """Of the last minute of the last run, which is the bench's own for the most part."""


def look_around(directory: Path, peers: dict[str, str]) -> Machine:
    """Describe this machine; ``peers`` are versions of the programs compared with."""
    return Machine(
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        cores=len(os.sched_getaffinity(0)),
        processor=_processor(),
        memory_gb=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9,
        kernel=platform.release(),
        load=os.getloadavg()[0],
        fsync=measure_fsync(directory),
        commit=commit(),
        versions={
            "shopbell": version("shopbell"),
            "Python": platform.python_version(),
            "SQLite": sqlite3.sqlite_version,
            "PostgreSQL": _said([str(program("postgres")), "--version"]),
            "Mosquitto": _said([str(MOSQUITTO), "-h"]),
            **peers,
        },
    )


def measure_fsync(directory: Path) -> Distribution | None:
    """Append pages to a file and measure how long each takes to be on the disk."""
    taken = []
    with TemporaryFile(dir=directory, buffering=0) as file:
        for _ in range(SYNCS):
            file.write(bytes(PAGE))
            began = time.perf_counter()
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - began)
    return Distribution.of(taken)


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _said(command: list[str]) -> str:
    """Return the version in the first line of what a program says of itself."""
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except FileNotFoundError:
        return "not installed"
    words = said.partition("\n")[0].split()
    return next((word for word in words if word[0].isdigit()), "unknown")


def commit() -> str:
    """Return the commit that is measured, marked where files differ from it."""
    asked = subprocess.run(
        ["git", "-C", str(ROOT), "describe", "--always", "--dirty"],
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout.strip() or "unknown"
