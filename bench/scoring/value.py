"""Value on Online Retail II, beside its baselines, and the time it takes for a million people.

``python -m bench.scoring value [--cutoff 2011-09-10] [--pictures FOLDER] [--people 1000000]``

Split as in SCORING.md 3.2 and 4: learned from six cut-offs, the last of them 90 days before the
one that is tested, each 30 days after the one before, and from the same day of last year for the
season. Everything about the model was chosen on cut-offs before 2011-02-12, and on 2011-06-12
learned from cut-offs up to 2011-03-14.

One person decides the Gini of 2011-09-10: his order of 168,470 on the last day is 5.6 % of all
spend, after a single one of 2.90 in May. In the order lines it is cancelled twelve minutes later;
the orders, which the figures of SCORING.md are of, hold it. Hence the column without who spent
most.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
from pathlib import Path
from time import perf_counter

import matplotlib as mpl
import numpy as np
import pandas as pd

from scoring.evaluation.value import OURS, ValueEvaluation, evaluate_value, tenths
from scoring.features import features
from scoring.lake import Lake
from scoring.lake.importers import import_file
from scoring.snapshots import Snapshots, snapshots
from scoring.value import ValueModel

ORDERS = Path(__file__).resolve().parents[3] / "shared" / "data" / "orders" / "orders.parquet"
HORIZON, STEP, CUTOFFS = 90, 30, 6
MEASURED = """measured by SCORING.md 4 at 2011-09-10 (Gini, Spearman, sum/actual):
BG/NBD x own mean 0.689 0.549 0.61; BG/NBD x Gamma-Gamma 0.679 0.519 0.45;
boosting, squared 0.754 0.540 0.43; boosting, Poisson 0.700 0.553 0.42"""
SEED = 20240501


def main(arguments: list[str]) -> int:
    """Print the tables; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.scoring value", description=__doc__)
    parser.add_argument("--cutoff", default="2011-09-10", help="default: %(default)s")
    parser.add_argument("--pictures", type=Path, metavar="FOLDER", help="calibration, as PNG")
    parser.add_argument("--people", type=int, default=1_000_000, metavar="N", help="0: leave out")
    options = parser.parse_args(arguments)
    if ORDERS.exists():
        _shop(options.cutoff, options.pictures)
    else:
        print(f"left out: no {ORDERS}")
    if options.people:
        _night(options.people)
    return 0


def cutoffs(test: str) -> list[str]:
    """Return the cut-offs that are learned from: six, and the same day of last year."""
    at = pd.Timestamp(test)
    before = [HORIZON + STEP * k for k in reversed(range(CUTOFFS))]
    return [str((at - pd.Timedelta(days=days)).date()) for days in (365, *before)]


def _shop(cutoff: str, pictures: Path | None) -> None:
    with tempfile.TemporaryDirectory() as place:
        import_file(ORDERS, Path(place) / "lake", store="or2", currency="GBP")
        lake = Lake(Path(place) / "lake")
        train = snapshots(lake, cutoffs(cutoff), horizon=HORIZON)
        test = snapshots(lake, [cutoff], horizon=HORIZON)
        everybody = features(lake, cutoff, within=10_000)
    found = evaluate_value(train, test, everybody=everybody)
    print(
        f"\nOnline Retail II, {cutoff}, {HORIZON} days: {len(test):,} people who bought in the "
        f"last 365 days, {test.bought.mean():.1%} of whom bought; 95 % intervals over people"
    )
    print(found.table.map(str).to_string())
    print(MEASURED)
    _told(found, test)
    if pictures is not None:
        _draw(found, test, pictures / f"value-{cutoff}.png")


def _told(found: ValueEvaluation, test: Snapshots) -> None:
    model = found.model
    print(
        f"\nseason: spend x {np.exp(model.season_):.2f}, last year believed to "
        f"{model.season_weight_:.0%}; spend in our 80 % interval: {found.coverage}; "
        f"sum of purchases over actual: {found.purchases}"
    )
    most = int(np.argmax(test.spend))
    place = int((found.predictions[OURS] > found.predictions[OURS][most]).sum()) + 1
    print(
        f"the one who spent most: {test.spend[most]:,.0f} of {test.spend.sum():,.0f}, on "
        f"{test.purchases[most]:.0f} days; before it "
        f"{test.X['value'].iloc[most]:,.2f} on {test.X['frequency'].iloc[most] + 1:.0f} days; "
        f"place {place:,} of {len(test):,} in our order"
    )
    print("\nby tenths of what was predicted")
    print(tenths(test.spend, found.predictions[OURS]).round(1).to_string(index=False))


def _draw(found: ValueEvaluation, test: Snapshots, file: Path) -> None:
    """Spent over predicted by tenths, of each model."""
    mpl.use("agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(6, 5), layout="constrained")
    for name, predicted in found.predictions.items():
        table = tenths(test.spend, predicted).clip(lower=1)
        line = {"linewidth": 2.5} if name == OURS else {"alpha": 0.6}
        axes.plot(table["predicted"], table["spent"], marker="o", label=name, **line)
    edges = axes.get_xlim()
    axes.plot(edges, edges, color="black", linestyle=":", label="right")
    axes.set(xscale="log", yscale="log", xlabel="predicted", ylabel="spent")
    axes.set_title("Mean spend in 90 days by tenths of people, GBP")
    axes.legend()
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=120)
    plt.close(figure)
    print(f"drawn: {file}")


def _night(people: int) -> None:
    """Time fit and predictions on people of no shop in particular."""
    strangers, spend, bought = _strangers(people)
    start = perf_counter()
    model = ValueModel(random_state=0).fit(strangers, spend, bought)
    fitted = perf_counter()
    model.predict(strangers)
    spent = perf_counter()
    model.predict_interval(strangers)
    model.next_order(strangers)
    end = perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f"\n{people:,} people: fit {fitted - start:.1f} s, spend {spent - fitted:.1f} s, "
        f"intervals and next order {end - spent:.1f} s; peak {peak:.2f} GB"
    )


def _strangers(people: int) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    random = np.random.default_rng(SEED)
    rate = random.gamma(0.7, 0.01, people)
    age = random.integers(1, 900, people).astype(float)
    table = pd.DataFrame({"frequency": random.poisson(rate * age).astype(float), "age": age})
    again = table["frequency"] > 0
    table["recency"] = np.where(again, age * random.beta(4, 1, people), 0.0)
    table["since"] = age - table["recency"]
    table["value_mean"] = random.lognormal(3.5, 0.8, people)
    table["value"] = table["value_mean"] * (table["frequency"] + 1)
    table["orders"] = table["frequency"] + 1
    table["gap_mean"] = (table["recency"] / table["frequency"]).where(again)
    for column in ("value_last", "items_mean", "products_mean"):
        table[column] = table["value_mean"] * random.lognormal(0, 0.5, people)
    for days in (30, 90, 180, 365):
        table[f"orders_{days}"] = random.binomial(
            table["orders"].astype(int), np.minimum(days / (age + 1), 1)
        )
        table[f"value_{days}"] = table[f"orders_{days}"] * table["value_mean"]
    bought = random.poisson(rate * HORIZON * np.exp(-table["since"] / 300))
    return table.astype(float), bought * table["value_mean"].to_numpy(), bought.astype(float)
