"""Computes features and snapshots on Spark, in a process of its own, and writes them as Parquet.

Run as ``python on_spark.py OUT LAKE DAY [LAKE DAY ...]``. Java outlives every attempt of Python to
close it quietly, so that only the end of a process shows that nothing is left.
"""

from __future__ import annotations

import gc
import sys
from datetime import date, timedelta
from pathlib import Path

from scoring.engine import EngineSettings
from scoring.features import features
from scoring.lake import Lake
from scoring.snapshots import Snapshots, snapshots


def stacked(lake: Lake, last: date) -> Snapshots:
    """Two snapshots whose horizons end in the data."""
    return snapshots(lake, [last - timedelta(days=d) for d in (90, 180)], horizon=90)


def main(out: Path, lakes: list[tuple[str, str]]) -> None:
    """Compute each lake's figures at its day."""
    held = []
    for number, (folder, day) in enumerate(lakes):
        lake = Lake(folder, engine="spark", settings=EngineSettings(threads=2, memory="1GB"))
        last = date.fromisoformat(day)
        features(lake, last).to_parquet(out / f"features-{number}.parquet")
        held.append(descriptors())
        if number == 0:
            write_snapshots(stacked(lake, last), out / "snapshots.parquet")
    assert held[-1] <= held[0], f"{held[-1]} descriptors are open, {held[0]} were"
    lake.close()


def write_snapshots(stack: Snapshots, path: Path) -> None:
    """Write features and labels side by side."""
    rows = stack.X.assign(cutoff=stack.cutoff.astype("datetime64[s]"), spend=stack.spend)
    rows.assign(purchases=stack.purchases).to_parquet(path)


def descriptors() -> int:
    """Return how many files and sockets this process holds."""
    gc.collect()
    return len(list(Path("/proc/self/fd").iterdir()))


if __name__ == "__main__":
    pairs = sys.argv[2:]
    main(Path(sys.argv[1]), list(zip(pairs[::2], pairs[1::2], strict=True)))
