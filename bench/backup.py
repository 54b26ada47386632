"""``python -m bench.backup FILE``: copies a database beside a writer, in each way that there is.

    python -m bench.history fill /var/tmp/years.db --jobs 350000
    python -m bench.backup /var/tmp/years.db

It tells how long each takes, what the writer's commits took before and meanwhile, and how long the
log grew. FILE is written to: take one that nobody needs.
"""

from __future__ import annotations

import argparse
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Final

from gateway.domain.modesty import be_modest

BEFORE: Final = 3.0
"""Seconds of writing before each copy."""

LONGEST: Final = 20.0
"""Seconds after which a way is given up."""

_WRITER: Final = """
import random, sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
connection.execute("PRAGMA journal_mode = WAL")
connection.execute("PRAGMA synchronous = FULL")
[(last,)] = connection.execute("SELECT max(key) FROM jobs")
while True:
    began = time.time()
    connection.execute("BEGIN IMMEDIATE")
    for _ in range(20):
        key = random.randint(1, last)
        connection.execute("UPDATE jobs SET reason = ? WHERE key = ?", (str(began), key))
    connection.execute("COMMIT")
    print(began, time.time() - began, flush=True)
    time.sleep(0.005)
"""


def vacuum(source: Path, target: Path) -> None:
    """``VACUUM INTO``: one read transaction."""
    with closing(sqlite3.connect(source)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))


def vacuum_modestly(source: Path, target: Path) -> None:
    """The same in a thread that lets others go first: what `shopbell backup` does."""

    def work() -> None:
        be_modest()
        vacuum(source, target)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def online(source: Path, target: Path) -> None:
    """The online backup in one step."""
    _online(source, target, -1)


def online_in_steps(source: Path, target: Path) -> None:
    """The online backup, 2,000 pages at once."""
    _online(source, target, 2_000)


def _online(source: Path, target: Path, pages: int) -> None:
    end = time.monotonic() + LONGEST

    def progress(*_: int) -> None:
        if time.monotonic() > end:
            raise TimeoutError

    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other, pages=pages, progress=progress, sleep=0.01)


WAYS: Final[Mapping[str, Callable[[Path, Path], None]]] = {
    "VACUUM INTO": vacuum,
    "VACUUM INTO, modest": vacuum_modestly,
    "online, one step": online,
    "online, 2,000 pages a step": online_in_steps,
}


def measure(name: str, copy: Callable[[Path, Path], None], source: Path) -> str:
    """Copy once beside a writer; return a row of Markdown."""
    with tempfile.TemporaryDirectory(dir=source.parent) as folder:
        target = Path(folder, "copy.db")
        command = [sys.executable, "-c", _WRITER, str(source)]
        writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        time.sleep(BEFORE)
        began, over = time.time(), ""
        try:
            copy(source, target)
            _sync(target)
        except TimeoutError:
            over = " (given up)"
        ended = time.time()
        grown = source.with_name(f"{source.name}-wal").stat().st_size / 1e6
        writer.terminate()
        told = [tuple(map(float, line.split())) for line in writer.communicate()[0].splitlines()]
        size = target.stat().st_size / 1e6
    before = [took for at, took in told if at < began]
    while_ = [took for at, took in told if began <= at < ended]
    commits = f"{_nth(before, 0.99)} → {_nth(while_, 0.99)} | {_nth(while_, 1)}"
    return f"| {name}{over} | {ended - began:.2f} | {size:.0f} | {commits} | {grown:.0f} |"


def _nth(values: list[float], share: float) -> str:
    ordered = sorted(values) or [0.0]
    return f"{ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000:.0f}"


def _sync(file: Path) -> None:
    descriptor = os.open(file, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def main() -> None:
    """Measure each way, in an order of chance."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    source: Path = parser.parse_args().file
    print(f"{source.stat().st_size / 1e6:.0f} MB, SQLite {sqlite3.sqlite_version}\n")
    print("| way | s | MB written | commit p99, ms: before → meanwhile | longest, ms | log, MB |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, copy in random.sample(sorted(WAYS.items()), len(WAYS)):
        print(measure(name, copy, source), flush=True)


if __name__ == "__main__":
    main()
