"""The evaluation: our models beside every baseline, on the same rows, with intervals.

What is measured and how it is printed is of `scoring.evaluation`; here it is brought to a lake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scoring.errors import NotEnoughDataError
from scoring.evaluation import evaluate_churn
from scoring.evaluation.recommend import evaluate_again, evaluate_new
from scoring.evaluation.value import evaluate_value
from scoring.lake import Lake
from scoring.pipeline.gate import decide
from scoring.pipeline.ground import WITHIN, Ground, grounds
from scoring.pipeline.look import held_back
from scoring.pipeline.tables import records, shown
from scoring.pipeline.training import Tell
from scoring.pipeline.uplift_tables import judge_uplift
from scoring.recommend import read_purchases


@dataclass(frozen=True, kw_only=True, slots=True)
class Evaluation:
    """One table of figures.

    Attributes
    ----------
    store, name : str
    text : str
        For people.
    rows : list of dict
        For programs.
    """

    store: str
    name: str
    text: str
    rows: list[dict[str, Any]]


def evaluate(
    lake: str | Path,
    *,
    store: str | None = None,
    engine: str = "duckdb",
    horizon: int = 90,
    everything: bool = False,
    tell: Tell | None = None,
) -> Iterator[Evaluation]:
    """Train on the past of each cut-off, look at what came, and yield tables; churn first.

    Parameters
    ----------
    lake : str or Path
        The folder of the lake.
    store : str or None
        None: each store of the lake.
    engine : str, default "duckdb"
    horizon : int, default 90
        Days ahead.
    everything : bool, default False
        Value, hours, cross-sell and uplift too. What has not enough data says so in its
        table's place.
    tell : callable or None
        Is told what is being done.

    Yields
    ------
    Evaluation

    Raises
    ------
    LakeError
        A table of the lake is wrong, or there is no such store.
    """
    for ground in grounds(Lake(lake, engine), store, horizon=horizon):
        for name, of in TABLES.items() if everything else [("churn", TABLES["churn"])]:
            if tell is not None:
                tell(f"{ground.store}: {name} ...")
            try:
                text, rows = of(ground)
            except NotEnoughDataError as error:
                text, rows = f"{name}: {error}", []
            yield Evaluation(store=ground.store, name=name, text=f"{text}\n", rows=rows)


Table = tuple[str, list[dict[str, Any]]]


def _churn(ground: Ground) -> Table:
    report = evaluate_churn(ground.lake, store=ground.store, horizon=ground.horizon)
    return report.text, report.records


def _value(ground: Ground) -> Table:
    """Judge value at the newest cut-off with labels."""
    split = held_back(ground, ground.training)
    if split is None:
        raise NotEnoughDataError("days of orders", _span(ground), 3 * ground.horizon + 1)
    past, unseen = split
    found = evaluate_value(past, unseen)
    title = (
        f"Value: spend in {ground.horizon} days after {ground.cutoffs[-1]}, {len(unseen):,} people"
    )
    text = f"{title}\n{shown(found.table)}\nshare inside of our 80 % interval: {found.coverage}"
    return text, records(found.table)


def _span(ground: Ground) -> int:
    return (ground.day - ground.first).days + 1


def _hours(ground: Ground) -> Table:
    found = decide(ground)
    gains = {"one hour above now": found.verdict.one_hour, "personal": found.verdict.personal}
    rows = [
        {"gain": name, "value": gain.value, "low": gain.low, "high": gain.high, "unit": found.unit}
        for name, gain in gains.items()
        if gain is not None
    ]
    text = f"Hours: {found.rows:,} {found.what} after {found.border}\n{found.verdict.reason}"
    return text, [{"level": str(found.verdict.level)}, *rows]


def _lists(ground: Ground) -> Table:
    """Judge both lists on the last horizon of the lake."""
    later = read_purchases(ground.lake, ground.day, store=ground.store, within=WITHIN + 90)
    earlier = later.before(ground.horizon)
    if not later.bought_later(later, 1).shape[0] or len(earlier.items) < 2:
        raise NotEnoughDataError("products that were bought ten times", len(earlier.items), 2)
    texts, rows = [], []
    for name, of in (("new for you", evaluate_new), ("buy again", evaluate_again)):
        table = of(earlier, later, ground.horizon)
        title = f"Cross-sell, {name}: bought in the last {ground.horizon} days"
        texts.append(f"{title}\n{shown(table)}")
        rows += [{"list": name, **row} for row in records(table)]
    return "\n\n".join(texts), rows


TABLES: dict[str, Callable[[Ground], Table]] = {
    "churn": _churn,
    "value": _value,
    "timing": _hours,
    "recommend": _lists,
    "uplift": judge_uplift,
}
"""What is evaluated, by the names of the parts."""
