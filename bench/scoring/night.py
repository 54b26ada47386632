"""The nightly run: all scores and the plan of a campaign, each step with its cost.

``python -m bench.scoring night [--people N] [--orders N] [--folder DIR]``. Training, scoring and
planning run in processes of their own; the peak is that of a process until a step ends. Models
that are in the folder already are taken. What the gateway exports is measured by
``python -m bench.scoring lake``. To reach for 1,000,000 people, with the export of a night and
without training: 90 seconds and 2 GB.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow.parquet as pq

from bench.scoring.shop import Shop, shop_lake
from scoring import pipeline
from scoring.lake import Lake
from scoring.pipeline.ground import Ground, grounds
from scoring.pipeline.parts import Block, Columns
from scoring.pipeline.registry import PARTS
from scoring.planner import plan

SLOTS = 14
FIRST_HOUR = 8
TO_REACH = (90, 2.0)
PRODUCTS = 3000


def main(arguments: list[str]) -> None:
    """Print seconds and peak memory of each step."""
    parser = argparse.ArgumentParser(prog="python -m bench.scoring night", description=__doc__)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--orders", type=int, default=10_000_000)
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp/shopbell-night"))  # noqa: S108
    parser.add_argument("--step", choices=STEPS, help="only this one, in this process")
    options = parser.parse_args(arguments)
    if options.step:
        STEPS[options.step](options.folder)
        return
    shop = Shop(people=options.people, orders=options.orders)
    _with_lines(shop_lake(options.folder / "lake", shop))
    for step in STEPS:
        if step == "train" and (options.folder / "models").is_dir():
            print("train: models of before are taken")
            continue
        _apart(step, options.folder)
    seconds, memory = TO_REACH
    print(f"to reach, without training: {seconds} s, {memory:g} GB")


def _apart(step: str, folder: Path) -> None:
    print(f"{step}:", flush=True)
    began = time.perf_counter()
    command = [sys.executable, "-m", "bench.scoring", "night", "--folder", str(folder)]
    subprocess.run([*command, "--step", step], check=True)
    print(f"  {'whole process':28}{time.perf_counter() - began:8.1f} s", flush=True)


def _train(folder: Path) -> None:
    with _step("train"):
        for outcome in pipeline.train(folder / "lake", folder / "models"):
            print(f"  {outcome.part}: {outcome.told}"[:150])


def _features(folder: Path) -> None:
    """Alone, to tell their share: the run computes them as well."""
    with _step("open and check the lake"):
        lake = Lake(folder / "lake")
        lake.check()
    (ground,) = grounds(lake, None)
    with _step("features"):
        rows = len(ground.features)
    with _step("people"):
        people = len(ground.people)
    print(f"  {rows:,} of {people:,} people bought within the year")


def _score(folder: Path) -> None:
    parts = [Timed(part) for part in PARTS]
    began = _clocks()
    pipeline.run(folder / "lake", folder / "models", folder / "scores.parquet", parts=parts)
    whole = _clocks() - began
    for part in parts:
        _told(f"{part.name}: ready", *part.ready)
        _told(f"{part.name}: score", *part.scored)
    _told("score run, whole", *whole)


class Timed:
    """A part that knows how long it took."""

    def __init__(self, part: Any) -> None:
        self.name, self._part = part.name, part
        self.ready, self.scored = np.zeros(2), np.zeros(2)

    def train(self, ground: Ground) -> Any:
        """As the part does."""
        return self._part.train(ground)

    def scorer(self, model: Any, ground: Ground) -> Callable[[Block], Columns]:
        """As the part does, on the clock."""
        began = _clocks()
        score = self._part.scorer(model, ground)
        self.ready += _clocks() - began

        def timed(block: Block) -> Columns:
            began = _clocks()
            columns = score(block)
            self.scored += _clocks() - began
            return columns

        return timed


def _plan(folder: Path) -> None:
    with _step("read scores"):
        values = np.concatenate(list(_values(folder / "scores.parquet")))
    capacity = np.full(SLOTS, round(len(values) * 1.15 / SLOTS))
    with _step(f"plan of {len(values):,} people, {SLOTS} slots"):
        found = plan(values, capacity)
    print(f"  {100 * found.share:.3f} % of the bound")


def _values(file: Path) -> Iterator[np.ndarray]:
    """Yield P(answer) in the hours of a Monday, times expected value."""
    width = len("0.00000,")
    for batch in pq.ParquetFile(file).iter_batches(50_000, columns=["hours", "value"]):
        texts = batch.column("hours")
        flat = np.frombuffer(texts.buffers()[2], dtype=np.uint8)
        length = 168 * width + 1
        rows = flat[: len(texts) * length].reshape(len(texts), length)[:, 1:]
        slots = rows.reshape(len(texts), 168, width)[:, FIRST_HOUR : FIRST_HOUR + SLOTS, :-1]
        numbers = np.ascontiguousarray(slots).view("S7").astype(np.float32)[..., 0]
        worth = np.nan_to_num(batch.column("value").to_numpy(zero_copy_only=False), nan=1.0)
        yield numbers * worth[:, None].astype(np.float32)


STEPS: dict[str, Callable[[Path], None]] = {
    "train": _train,
    "features": _features,
    "score": _score,
    "plan": _plan,
}


def _with_lines(lake: Path) -> None:
    """Give each order a line of one product, some far more often than others."""
    for file in sorted((lake / "orders").rglob("*.parquet")):
        lines = lake / "order_lines" / file.relative_to(lake / "orders")
        if lines.exists():
            continue
        lines.parent.mkdir(parents=True, exist_ok=True)
        duckdb.sql(
            f"""COPY (SELECT store, order_id, 1::BIGINT AS line, person_id, ordered_at,
            'sku' || floor({PRODUCTS} * pow(random(), 3))::BIGINT AS product_id, kind,
            items AS quantity, value FROM read_parquet('{file}'))
            TO '{lines}' (FORMAT parquet, COMPRESSION zstd)"""  # noqa: S608
        )


def _clocks() -> np.ndarray:
    return np.array([time.perf_counter(), time.process_time()])


@contextmanager
def _step(name: str) -> Iterator[None]:
    began = time.perf_counter(), time.process_time()
    yield
    _told(name, time.perf_counter() - began[0], time.process_time() - began[1])


def _told(name: str, seconds: float, worked: float) -> None:
    """Print the clock's seconds, the processors', and the peak."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"  {name:30}{seconds:8.1f} s{worked:8.1f} s CPU{peak:8.2f} GB", flush=True)
