"""Off-policy values: errors and coverage on a log of known truth, and what real data allow.

``python -m bench.scoring offpolicy [--runs 200]``: about a second a run.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import beta

from scoring.offpolicy import ESTIMATORS, evaluate, predict_rewards
from scoring.simulation.confounded import SLOT, SLOTS, TRUTH, ConfoundedLog, confounded_log

SEED = 20240501
BANDIT = Path(__file__).resolve().parents[3] / "shared" / "data" / "bandit" / "men.csv"
MEASURED = {"naive": 0.0250, "ips": 0.0057, "snips": 0.0055, "dm": 0.0054, "dr": 0.0055}
"""RMSE by SCORING.md 5.5, of 50 runs."""

SIZES = {50_000: ("log", "normal"), 8_000: ("log", "normal", "bootstrap")}
"""Sends of a log, and the intervals that are tried on it; the small one is barely not refused."""


def main(arguments: list[str]) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.scoring offpolicy", description=__doc__)
    parser.add_argument("--runs", type=int, default=200, metavar="N")
    runs = parser.parse_args(arguments).runs
    for sends, intervals in SIZES.items():
        rows = pd.DataFrame([_run(sends, SEED + run, intervals) for run in range(runs)])
        print(f"\nvalue of 19 o'clock, truth {TRUTH}; {runs} logs of {sends:,} sends")
        print(f"mean effective size {rows['size'].mean():,.0f}")
        print(_table(rows, intervals, sends).to_string(), flush=True)
    if BANDIT.exists():
        _open_bandit(pd.read_csv(BANDIT))
    else:
        print(f"\nleft out: no {BANDIT}")


def _run(sends: int, seed: int, intervals: tuple[str, ...]) -> dict[str, float]:
    """Return errors of every estimator on one log, and whether its intervals hold the truth."""
    log = confounded_log(sends, contacts=sends // 5, random_state=seed)
    predicted = _predicted(log)
    row = {"naive": log.reward[log.action == SLOT].mean() - TRUTH}
    for name in ESTIMATORS:
        for interval in intervals:
            found = evaluate(
                *(log.reward, log.action, log.propensity, np.full(sends, SLOT)),
                persons=log.person,
                predicted=predicted,
                estimator=name,
                interval=interval,
                enough=0,
            )
            row[name] = found.value - TRUTH
            row[f"{name} {interval}"] = found.low <= TRUTH <= found.high
            row[f"{name} {interval} width"] = found.high - found.low
            if name == "ips":
                row["size"] = found.effective_size
    return row


def _predicted(log: ConfoundedLog) -> np.ndarray:
    return predict_rewards(
        log.engagement, log.reward, log.action, actions=SLOTS, persons=log.person
    )


def _table(rows: pd.DataFrame, intervals: tuple[str, ...], sends: int) -> pd.DataFrame:
    table = {}
    for name in ("naive", *ESTIMATORS):
        line = {"bias": rows[name].mean(), "RMSE": _rmse(rows[name])}
        if sends == 50_000:
            line |= {"RMSE of the first 50": _rmse(rows[name][:50]), "5.5": MEASURED.get(name)}
        if name != "naive":
            for interval in intervals:
                line[f"{interval}: holds"] = _share(rows[f"{name} {interval}"])
                line[f"{interval}: width"] = rows[f"{name} {interval} width"].mean()
        table[name] = line
    return pd.DataFrame(table).T.rename_axis(f"{sends:,} sends").pipe(_rounded)


def _rounded(table: pd.DataFrame) -> pd.DataFrame:
    return table.astype(object).map(
        lambda cell: cell if isinstance(cell, str) else "" if pd.isna(cell) else f"{cell:.4f}"
    )


def _rmse(errors: pd.Series) -> float:
    return float(np.sqrt(np.mean(errors**2)))


def _share(held: pd.Series) -> str:
    """Return a share with its exact binomial interval (Clopper and Pearson)."""
    there, runs = int(held.sum()), len(held)
    low = beta.ppf(0.025, there, runs - there + 1) if there else 0.0
    high = beta.ppf(0.975, there + 1, runs - there) if there < runs else 1.0
    return f"{there / runs:.1%} [{low:.1%}, {high:.1%}]"


def _open_bandit(rows: pd.DataFrame) -> None:
    """Print what the even log of Open Bandit can tell: its own value, items, positions."""
    click, item, chance = (
        rows[name].to_numpy() for name in ("click", "item_id", "propensity_score")
    )
    train = np.arange(len(rows)) < len(rows) // 2
    rate = pd.Series(click[train]).groupby(item[train]).mean()
    items = int(item.max()) + 1
    best = rate.nlargest(5).index
    targets = {
        "the even draw, on the second half": (np.full((len(rows), items), 1 / items), ~train),
        "the 5 items best on the first half, on the second": (_among(best, rows, items), ~train),
        "the same, on the half that chose them (too good)": (_among(best, rows, items), train),
        f"always item {best[0]}, whole log": (_among(best[:1], rows, items), np.full(len(rows), 1)),
    }
    print(f"\nOpen Bandit, men, even draw: {click.sum()} clicks of {len(rows):,}")
    print(f"second half: {click[~train].mean():.4f}, first half: {click[train].mean():.4f}")
    for name, (target, mask) in targets.items():
        where = mask.astype(bool)
        for estimator in ("ips", "snips"):
            found = evaluate(
                *(click[where], item[where], chance[where], target[where]), estimator=estimator
            )
            ends = f"[{found.low:.4f}, {found.high:.4f}]"
            size = f"effective size {found.effective_size:,.0f}"
            print(f"{name}: {estimator} {found.value:.4f} {ends}, {size}")
    mean = click[item == best[0]].mean()
    print(f"mean of the rows of item {best[0]}: {mean:.4f}")


def _among(chosen: pd.Index, rows: pd.DataFrame, items: int) -> np.ndarray:
    policy = np.zeros((len(rows), items))
    policy[:, list(chosen)] = 1 / len(chosen)
    return policy
