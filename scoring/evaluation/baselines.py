"""The baselines of churn, each as it was measured in the design (SCORING.md, 3.3).

They learn from three snapshots, 0, 30 and 60 days older than the youngest label that is known,
and do not know a season.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from scoring.bgnbd import BGNBD
from scoring.churn import RFMClassifier, Training
from scoring.churn.design import design, log_odds
from scoring.churn.members import varying

AGES = (0, 30, 60)
"""Days by which training snapshots are older than the youngest known label."""

Probabilities = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """What every baseline is given: rows to learn from, and people to tell of."""

    tables: Sequence[pd.DataFrame]
    """Training snapshots, the youngest first."""
    labels: Sequence[Probabilities]
    now: pd.DataFrame
    bgnbd: BGNBD
    """Fitted on everybody who ever bought, at the day of scoring."""

    @property
    def stacked(self) -> pd.DataFrame:
        """All training rows."""
        return pd.concat(self.tables)

    @property
    def y(self) -> Probabilities:
        """Their labels."""
        return np.concatenate(self.labels)


def case_of(training: Training, cutoff: np.datetime64, horizon: int, within: int) -> Case | None:
    """The rows at one cut-off; None where no label is known yet, or all are alike."""
    days = [cutoff - np.timedelta64(horizon + age, "D") for age in AGES]
    there = [training.at(day, within) for day in days if (training.cutoffs == day).any()]
    there = [(X, y) for X, y in there if len(y) and np.isfinite(y).all()]
    if not there or len(np.unique(np.concatenate([y for _, y in there]))) < 2:
        return None
    everybody = training.X[training.cutoffs == cutoff]
    now, _ = training.at(cutoff, within)
    return Case([X for X, _ in there], [y for _, y in there], now, BGNBD(horizon).fit(everybody))


def base_rate(case: Case) -> Probabilities:
    """The churn of the training rows, for everybody."""
    return np.full(len(case.now), case.y.mean())


def recency(case: Case) -> Probabilities:
    """Logistic regression on how long ago the last purchase was."""
    return _second(RFMClassifier(columns=("since",)), case)


def rfm(case: Case) -> Probabilities:
    """Logistic regression on recency, frequency, money and age."""
    return _second(RFMClassifier(), case)


def bgnbd(case: Case) -> Probabilities:
    """The closed form, without labels."""
    return case.bgnbd.predict_proba(case.now)[:, 1]


def logistic(case: Case) -> Probabilities:
    """Logistic regression on the logarithms of all features and on those of BG/NBD."""
    steps = [
        ("impute", SimpleImputer(keep_empty_features=True)),
        ("scale", StandardScaler()),
        ("regress", LogisticRegression(max_iter=2_000)),
    ]
    learned = Pipeline(steps).fit(_designed(case.stacked, case), case.y)
    return learned.predict_proba(_designed(case.now, case))[:, 1]


def small_boosting(case: Case) -> Probabilities:
    """Boosting of small trees on all features."""
    trees = HistGradientBoostingClassifier(
        max_leaf_nodes=6,
        max_iter=120,
        learning_rate=0.04,
        min_samples_leaf=100,
        early_stopping=False,
        random_state=0,
    )
    columns = varying(case.stacked)
    trees.fit(case.stacked[columns], case.y)
    return trees.predict_proba(case.now[columns])[:, 1]


def calibrated_bgnbd(case: Case) -> Probabilities:
    """BG/NBD, its log-odds bent to the youngest training snapshot (Platt)."""
    if len(np.unique(case.labels[0])) < 2:
        return bgnbd(case)
    bend = LogisticRegression(C=1e6)
    bend.fit(log_odds(case.bgnbd.predict_proba(case.tables[0])[:, 1])[:, None], case.labels[0])
    return bend.predict_proba(log_odds(bgnbd(case))[:, None])[:, 1]


def mean_of_three(case: Case) -> Probabilities:
    """The mean of the regression, the boosting and calibrated BG/NBD."""
    return (logistic(case) + small_boosting(case) + calibrated_bgnbd(case)) / 3


BASELINES: dict[str, Callable[[Case], Probabilities]] = {
    "base rate": base_rate,
    "recency only": recency,
    "RFM logistic": rfm,
    "BG/NBD": bgnbd,
    "logistic, BG/NBD features": logistic,
    "small boosting": small_boosting,
    "mean of three": mean_of_three,
}
"""By the name under which each is printed."""


def _second(model: RFMClassifier, case: Case) -> Probabilities:
    return model.fit(case.stacked, case.y).predict_proba(case.now)[:, 1]


def _designed(X: pd.DataFrame, case: Case) -> NDArray[np.float64]:
    return design(X, case.bgnbd, case.bgnbd.horizon).to_numpy()
