"""Intake: jobs over a real broker, each committed before its store is told, while none is sent."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from bench.aims import Figure
from bench.house import cpu_seconds, house, publisher, unplug
from bench.options import Options
from bench.record import UncleanRunError

JOBS: Final = 20_000
SLOWEST: Final = 200


def intake(options: Options) -> list[Figure]:
    """Publish as quickly as the broker takes it; all must be committed and told `accepted`."""
    jobs = options.many(JOBS, 200)
    with house(options.directory, 1) as built:
        unplug(built)
        gateway = built.start()
        before = cpu_seconds(gateway.pid)
        with publisher(built, jobs, "--until", "accepted") as store:
            began = store.when("began", SLOWEST)
            accepted = store.when("accepted", options.patience(jobs, SLOWEST))
        used = cpu_seconds(gateway.pid) - before
        _require(built.directory / "shopbell.db", jobs)
    return [
        Figure(key="intake-rate", value=jobs / (accepted - began), note=f"{jobs:,} jobs"),
        Figure(key="intake-cpu", value=1000 * used / jobs),
    ]


def _require(database: Path, jobs: int) -> None:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        [(kept,)] = connection.execute("SELECT count(*) FROM jobs")
    if kept != jobs:
        raise UncleanRunError(f"{jobs} jobs were accepted, {kept} are in the database")
