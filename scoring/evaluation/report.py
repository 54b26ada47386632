"""The table of churn: figures of each model with intervals, as text and as rows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from scoring.metrics import (
    Interval,
    auc,
    brier,
    draws,
    expected_calibration_error,
    lift,
    log_loss,
)

OURS = "ChurnModel"
"""The name under which our model stands."""

METRICS = {"auc": auc, "brier": brier}
"""Those with intervals and paired differences."""

LEVELS = {"log_loss": log_loss, "ece": expected_calibration_error, "lift_10": lift}
"""Those without."""


@dataclass(frozen=True)
class ChurnReport:
    """What each model said at each cut-off, and the figures of it.

    Attributes
    ----------
    rows : DataFrame
        ``person_id``, ``cutoff``, ``churned`` (0 or 1) and a column for each model.
    horizon, within : int
        Days.
    times : int
        Draws of the bootstrap.
    """

    rows: pd.DataFrame
    horizon: int
    within: int
    times: int = 200

    @property
    def models(self) -> list[str]:
        """Names, ours last."""
        return [name for name in self.rows if name not in {"person_id", "cutoff", "churned"}]

    @cached_property
    def by_cutoff(self) -> pd.DataFrame:
        """One row a model and cut-off, with every metric."""
        return pd.DataFrame.from_records(
            {"cutoff": cutoff, "model": name, "people": len(rows), "churn": rows["churned"].mean()}
            | {
                metric: function(rows["churned"], rows[name])
                for metric, function in (METRICS | LEVELS).items()
            }
            for cutoff, rows in self.rows.groupby("cutoff")
            for name in self.models
        )

    @cached_property
    def summary(self) -> pd.DataFrame:
        """One row a model: means over cut-offs, and what ours has over it.

        ``auc`` and ``brier`` hold `Interval`; ``auc_ahead`` and ``brier_below`` hold those of the
        paired differences, in which more than 0 is for our model.
        """
        by = self.by_cutoff.groupby("model", sort=False)
        table = pd.DataFrame({"ece": by["ece"].mean(), "worst_ece": by["ece"].max()})
        table["log_loss"] = by["log_loss"].mean()
        table["lift_10"] = by["lift_10"].mean()
        drawn = self._drawn()
        for at, metric in enumerate(METRICS):
            means, sign = by[metric].mean(), 1 if metric == "auc" else -1
            ahead = f"{metric}_{'ahead' if sign > 0 else 'below'}"
            ours = drawn[:, self.models.index(OURS), at]
            for which, name in enumerate(self.models):
                theirs = drawn[:, which, at]
                table.loc[name, metric] = _interval(means[name], theirs)
                gain = sign * (means[OURS] - means[name])
                table.loc[name, ahead] = _interval(gain, sign * (ours - theirs))
        return table

    @property
    def text(self) -> str:
        """The table for people."""
        return "\n".join([*self._title(), *map(self._line, self.models), *self._each()])

    @property
    def records(self) -> list[dict[str, object]]:
        """The table for programs: numbers, each interval as three."""
        return [{"model": name} | _flat(row) for name, row in self.summary.to_dict("index").items()]

    def _drawn(self) -> np.ndarray:
        """Means over cut-offs of each draw, shape (times, models, metrics)."""
        cutoff = np.unique(self.rows["cutoff"].to_numpy(), return_inverse=True)[1]
        y, p = self.rows["churned"].to_numpy(), self.rows[self.models].to_numpy()
        return np.array(
            [
                _means(y[rows], p[rows], cutoff[rows])
                for rows in draws(len(y), self.rows["person_id"], self.times, 0)
            ]
        )

    def _title(self) -> list[str]:
        first, last = self.rows["cutoff"].min(), self.rows["cutoff"].max()
        cutoffs = self.rows["cutoff"].nunique()
        people = self.rows["person_id"].nunique()
        return [
            f"Churn: no purchase in {self.horizon} days, of who bought in the last {self.within}",
            f"{cutoffs} cut-offs, {first:%Y-%m-%d} to {last:%Y-%m-%d}; {people:,} people; "
            f"95 % intervals over persons; our lead is on the same rows",
            "",
            f"{'model':26}{'AUC':>22}{'Brier':>22}{'ECE':>7}{'worst':>7}{'log-loss':>10}"
            f"{'lift':>6}{'our lead, AUC':>27}{'our lead, Brier':>27}",
        ]

    def _line(self, name: str) -> str:
        row = self.summary.loc[name]
        lead = ["-", "-"]
        if name != OURS:
            lead = [f"{row['auc_ahead']:+.4f}", f"{row['brier_below']:+.4f}"]
        return (
            f"{name:26}{row['auc']!s:>22}{row['brier']!s:>22}{row['ece']:7.3f}"
            f"{row['worst_ece']:7.3f}{row['log_loss']:10.3f}{row['lift_10']:6.2f}"
            f"{lead[0]:>27}{lead[1]:>27}"
        )

    def _each(self) -> list[str]:
        ours = self.by_cutoff[self.by_cutoff["model"] == OURS]
        lines = [
            f"{row.cutoff:%Y-%m-%d}{row.people:>10,}{row.churn:8.3f}{row.auc:8.3f}{row.brier:8.3f}"
            f"{row.ece:8.3f}"
            for row in ours.itertuples()
        ]
        head = f"{OURS:10}{'people':>10}{'churn':>8}{'AUC':>8}{'Brier':>8}{'ECE':>8}"
        return ["", head, *lines]


def _means(y: np.ndarray, p: np.ndarray, cutoff: np.ndarray) -> np.ndarray:
    """Means over cut-offs, shape (models, metrics)."""
    held = [cutoff == which for which in np.unique(cutoff)]
    figures = [
        [[function(y[rows], told) for function in METRICS.values()] for told in p[rows].T]
        for rows in held
    ]
    return np.nanmean(np.array(figures), axis=0)


def _interval(estimate: float, drawn: np.ndarray) -> Interval:
    return Interval(float(estimate), *map(float, np.nanquantile(drawn, [0.025, 0.975])))


def _flat(row: dict[str, object]) -> dict[str, object]:
    flat: dict[str, object] = {}
    for name, value in row.items():
        if isinstance(value, Interval):
            flat |= {
                name: value.estimate,
                f"{name}_low": value.low,
                f"{name}_high": value.high,
            }
        else:
            flat[name] = value
    return flat
