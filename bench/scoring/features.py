"""All features at one cut-off beside a query of twelve in plain SQL: seconds and memory.

``python -m bench.scoring features [--folder DIR] [--people 1000000] [--orders 10000000]``

The simulated shop is written once into the folder and stays there. Each case runs in a process of
its own, after the imports and the opening of the lake, so that its peak memory is its own; the
first is what a process takes that has only opened the lake.
"""

from __future__ import annotations

import argparse
import os
import resource
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import pandas as pd

from bench.scoring.shop import Shop, shop_lake
from scoring.engine import EngineSettings
from scoring.features import features
from scoring.lake import Lake
from scoring.snapshots import snapshots

Result = dict[str, Any]

UNTIL: Final = Shop().until
CUTOFF: Final = UNTIL - timedelta(days=90)

MEASURED: Final = """measured by SCORING.md 6, 12 features: polars 1.8 s, 0.56 GB;
DuckDB 2.5 s, 0.90 GB; Ibis 3.4 s, 1.16 GB. To reach with all features: 4 s, 0.9 GB."""

TWELVE: Final = """
SELECT person_id, count(*), sum(value), avg(value), max(local_at), min(local_at), avg(items),
       sum(value) FILTER (local_at >= $1::TIMESTAMP - INTERVAL 30 DAY),
       sum(value) FILTER (local_at >= $1::TIMESTAMP - INTERVAL 90 DAY),
       count(*) FILTER (local_at >= $1::TIMESTAMP - INTERVAL 30 DAY),
       count(*) FILTER (local_at >= $1::TIMESTAMP - INTERVAL 90 DAY),
       avg(hour(local_at)), stddev_samp(value)
FROM read_parquet($2) WHERE store = 'shop' AND kind = 'sale' AND local_at < $1 GROUP BY person_id
"""


def main(arguments: list[str]) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.scoring features", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp/shopbell-shop"))  # noqa: S108
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--orders", type=int, default=10_000_000)
    parser.add_argument("--memory", default="1GB", help="limit of the engine")
    options = parser.parse_args(arguments)
    folder = shop_lake(options.folder, Shop(people=options.people, orders=options.orders))
    Lake(folder).check()
    rows = [_apart(case, folder, options.memory) for case in CASES]
    print(pd.DataFrame(rows).to_string(index=False))
    print(f"load of the last minute: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(MEASURED)


def _apart(case: str, folder: Path, memory: str) -> Result:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_measure, case, folder, memory).result()


def _measure(case: str, folder: Path, memory: str) -> Result:
    lake = Lake(folder, settings=EngineSettings(memory=memory, threads=2))
    for name in ("orders", "messages", "clicks", "replies"):
        lake.table(name)
    busy, began = _busy(), perf_counter()
    rows = CASES[case](lake)
    return {
        "case": case,
        "rows": rows,
        "seconds": round(perf_counter() - began, 2),
        "of a core": round(_busy() - busy, 2),
        "peak GB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 2),
    }


def _busy() -> float:
    """Return the seconds that this process had a core, which others cannot stretch."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _nothing(lake: Lake) -> int:
    return 0


def _plain_sql(lake: Lake) -> int:
    files = str(lake.folder / "orders" / "*" / "*.parquet")
    end = date.isoformat(CUTOFF + timedelta(days=1))
    frame = lake.connection.con.execute(TWELVE, [end, files]).df()
    return len(frame)


def _all_features(lake: Lake) -> int:
    return len(features(lake, CUTOFF))


def _snapshots(lake: Lake) -> int:
    return len(snapshots(lake, [CUTOFF - timedelta(days=30 * n) for n in range(3)]))


CASES: Final[dict[str, Callable[[Lake], int]]] = {
    "lake opened": _nothing,
    "12 features, plain SQL, pandas": _plain_sql,
    "all features": _all_features,
    "3 snapshots with labels": _snapshots,
}
