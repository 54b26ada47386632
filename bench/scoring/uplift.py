"""Uplift on Hillstrom's experiment: effects, and orders of customers unseen; with a picture.

``python -m bench.scoring uplift [--splits 10] [--picture FILE.png]``: about 15 seconds a split.
The choice among members falls inside of each training half. What the members are (their settings,
that there is an additive one) was chosen on the men's e-mail; the women's was only looked at.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from scoring.evaluation.uplift import evaluate_uplift
from scoring.uplift import average_effect, enough_for_winback, smallest_lift

SEED = 20240501
DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "experiment" / "hillstrom.csv"
MEASURED = {
    "interactions": 0.0064,
    "trees": 0.0059,
    "transformed": 0.0052,
    "response": 0.0035,
    "random": 0.0013,
}
"""Qini coefficients by SCORING.md 5.7: women's e-mail, visit, one split of halves."""


def main(arguments: list[str]) -> int:
    """Print the tables; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.scoring uplift", description=__doc__)
    parser.add_argument("--splits", type=int, default=10, metavar="N")
    parser.add_argument("--picture", type=Path, metavar="FILE", help="the Qini curves, as PNG")
    options = parser.parse_args(arguments)
    if not DATA.exists():
        print(f"left out: no {DATA}")
        return 1
    rows = pd.read_csv(DATA)
    _effects(rows)
    for arm in ("Mens E-Mail", "Womens E-Mail"):
        _orders(rows, arm, options.splits, options.picture if arm[0] == "W" else None)
    return 0


def _against_control(rows: pd.DataFrame, arm: str) -> pd.DataFrame:
    return rows[rows["segment"].isin([arm, "No E-Mail"])].reset_index(drop=True)


def _effects(rows: pd.DataFrame) -> None:
    print("average effects; CUPED with the spend of the year before")
    for arm in ("Mens E-Mail", "Womens E-Mail"):
        some = _against_control(rows, arm)
        for outcome in ("visit", "conversion", "spend"):
            drawn = some["segment"] == arm
            plain = average_effect(some[outcome], drawn)
            cuped = average_effect(some[outcome], drawn, covariates=some["history"])
            print(
                f"{arm:14}{outcome:11}{plain.value:+.4f} (se {plain.error:.4f}); "
                f"CUPED {cuped.value:+.4f} (se {cuped.error:.4f}), variance {-cuped.reduction:+.2%}"
            )
        base = some.loc[some["segment"] != arm, "visit"].mean()
        smaller = int(some["segment"].value_counts().min())
        print(
            f"{arm:14}{smaller:,} in the smaller arm show a lift of visits of "
            f"{smallest_lift(base, smaller):.1%}; win-back asks for {enough_for_winback(base):,}"
        )


def _orders(rows: pd.DataFrame, arm: str, splits: int, picture: Path | None) -> None:
    some = _against_control(rows, arm)
    found = evaluate_uplift(
        *(_features(some), some["visit"].to_numpy(float), (some["segment"] == arm).to_numpy()),
        splits=splits,
        random_state=SEED,
    )
    print(f"\n{arm}, visit: {splits} splits of {len(some):,} customers into halves")
    table = found.table()
    if arm == "Womens E-Mail":
        table["5.7"] = pd.Series(MEASURED).map("{:.4f}".format).reindex(table.index).fillna("")
    print(table.to_string(), flush=True)
    print("chosen:", ", ".join(found.chosen))
    if picture is not None:
        found.picture().savefig(picture, dpi=150)
        print(f"the first split is drawn in {picture}")


def _features(rows: pd.DataFrame) -> np.ndarray:
    numbers = rows[["recency", "history", "mens", "womens", "newbie"]].astype(float)
    words = pd.get_dummies(rows[["zip_code", "channel"]]).astype(float)
    return pd.concat([numbers, words], axis=1).to_numpy()
