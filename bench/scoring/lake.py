"""The lake: its check at the door, and a gateway's export; seconds and peak memory.

``python -m bench.scoring lake [--folder DIR] [--people N] [--orders N] [--messages N]``
With ``--people 0`` the door is left out.

The door is asked of a simulated shop, first anew and then with what it remembers. The export is
asked of a database with messages of one part each, over a year: first all, then nothing new, then
after one more day, whose month is written anew, then an older month. Each case runs in a process of
its own, so that its peak memory is its own.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, Final

import pandas as pd

from bench.scoring.shop import Shop, shop_lake
from gateway.db import Database, Reader
from gateway.lake.export import export
from gateway.lake.person import Home
from scoring.lake import Lake
from scoring.lake.memo import NAME

START: Final = datetime(2025, 1, 1, tzinfo=UTC)
HOMES: Final = {"acme": Home(country="GB", timezone="Europe/London")}
DAYS: Final = 364
NUMBERS: Final = 300_000
LINE: Final = "8944100000000000001"


def main(arguments: list[str]) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.scoring lake", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("/tmp/shopbell-bench-lake"))  # noqa: S108
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--orders", type=int, default=10_000_000)
    parser.add_argument("--messages", type=int, default=1_000_000)
    options = parser.parse_args(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    rows = _doors(options.folder, options.people, options.orders) if options.people else []
    database = options.folder / f"gateway-{options.messages}.db"
    if not database.exists():
        _fill(database, options.messages)
    target = options.folder / f"export-{datetime.now(UTC):%H%M%S}"
    rows.append(_apart("export, all", _export, database, target))
    rows.append(_apart("export, nothing new", _export, database, target))
    _fill(database, options.messages, days=1)
    rows.append(_apart("export, a night", _export, database, target))
    _touch(database)
    rows.append(_apart("export, one month", _export, database, target))
    print(pd.DataFrame(rows).to_string(index=False))


def _doors(folder: Path, people: int, orders: int) -> list[dict[str, Any]]:
    lake = shop_lake(folder / "shop", Shop(people=people, orders=orders))
    (lake / NAME).unlink(missing_ok=True)
    return [_apart("door, anew", _check, lake), _apart("door, remembered", _check, lake)]


def _apart(case: str, work: Callable[..., None], *given: Path) -> dict[str, Any]:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return {"case": case} | pool.submit(_measured, work, *given).result()


def _measured(work: Callable[..., None], *given: Path) -> dict[str, Any]:
    started, cpu = perf_counter(), process_time()
    work(*given)
    return {
        "seconds": round(perf_counter() - started, 2),
        "CPU seconds": round(process_time() - cpu, 2),
        "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _check(lake: Path) -> None:
    Lake(lake).findings("orders")


def _export(database: Path, folder: Path) -> None:
    async def run() -> None:
        async with Reader.open(f"sqlite:///{database}") as reader:
            await export(reader, folder, key=b"k" * 32, homes=HOMES, now=START)

    asyncio.run(run())


def _fill(database: Path, messages: int, days: int = DAYS) -> None:
    """Write delivered messages straight into a database; through a gateway it would take a day.

    They are those of the last days of a year that has so many messages.
    """
    asyncio.run(_make(database))
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        [(first,)] = connection.execute("SELECT COALESCE(MAX(key), 0) + 1 FROM jobs")
        connection.executemany(
            "INSERT INTO jobs VALUES (:key, 'acme', :id, x'00', :to, 'Hello', 'marketing', 2, 1, "
            ":at, :at, '9999-12-31 00:00:00.000000', 'delivered', 3, 'done', 0, NULL, :line, 'm0', "
            "NULL, NULL)",
            _jobs(first, messages * days // DAYS, days),
        )
        connection.execute(
            "INSERT INTO parts (key, job_key, number, tail, state, line, handed_at, settled_at) "
            "SELECT key, key, 1, '', 'delivered', line, accepted_at, accepted_at FROM jobs "
            "WHERE key >= ?",
            (first,),
        )
        connection.execute(
            "INSERT INTO attempts (part_key, node, line, modem, repeat, intended_at, outcome, "
            "settled_at) SELECT key, 'b', line, 'm0', 0, handed_at, 'sent', handed_at FROM parts "
            "WHERE key >= ?",
            (first,),
        )
        connection.commit()


def _jobs(first: int, messages: int, days: int) -> Iterator[dict[str, object]]:
    for place in range(messages):
        key = first + place
        at = START + timedelta(days=DAYS - days * (1 - (place + 1) / messages))
        to = f"+447{400_000_000 + key * 7919 % NUMBERS * 997}"
        stamp = f"{at:%Y-%m-%d %H:%M:%S.%f}"
        yield {"key": key, "id": f"o-{key}", "to": to, "at": stamp, "line": LINE}


async def _make(database: Path) -> None:
    async with Database.open(f"sqlite:///{database}"):
        pass


def _touch(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("UPDATE jobs SET seq = seq + 1 WHERE key = 1")
        connection.commit()
