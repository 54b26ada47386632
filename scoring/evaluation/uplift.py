"""`UpliftModel` beside its own members, a response model and a random order, on persons unseen.

Responsible for the splits and the figures; the Qini curve is that of `scoring.uplift`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray
from sklearn.base import clone

from scoring.metrics import Interval
from scoring.uplift.draw import Array, Draw
from scoring.uplift.members import LEARNERS, Response
from scoring.uplift.model import UpliftModel
from scoring.uplift.qini import Curve, Order

OURS = "UpliftModel"


@dataclass(frozen=True, kw_only=True, eq=False)
class UpliftEvaluation:
    """What orders of unseen persons were worth.

    Attributes
    ----------
    splits : pandas.DataFrame
        Qini coefficients: one row a split, one column an order.
    chosen : list of str
        The member that our model chose in each split, from its training half alone.
    means : dict of str to Interval
        Mean coefficient of each order over the splits; the interval is a bootstrap of persons,
        each drawn in all splits at once, with the fitted models as they are.
    leads : dict of str to Interval
        By how much our mean is above that of each other order, on the same draws.
    curves : dict of str to Curve
        Of the first split.
    """

    splits: pd.DataFrame
    chosen: list[str]
    means: Mapping[str, Interval]
    leads: Mapping[str, Interval]
    curves: Mapping[str, Curve]

    def table(self) -> pd.DataFrame:
        """Return one row an order: mean, interval, range over the splits and our lead."""
        return (
            pd.DataFrame(
                {
                    "mean Qini": {name: f"{each:.4f}" for name, each in self.means.items()},
                    "least": self.splits.min().map("{:.4f}".format),
                    "most": self.splits.max().map("{:.4f}".format),
                    "our lead": {name: f"{each:+.4f}" for name, each in self.leads.items()},
                }
            )
            .reindex(self.splits.columns)
            .fillna("")
        )

    def picture(self) -> Figure:
        """Draw the Qini curves of the first split."""
        figure = Figure(figsize=(6, 4.5), layout="constrained")
        axes = figure.subplots()
        for name, curve in self.curves.items():
            wide = 2.5 if name == OURS else 1.0
            label = f"{name} {curve.coefficient:.4f}"
            axes.plot(curve.share, curve.gain, linewidth=wide, label=label)
        end = next(iter(self.curves.values())).gain[-1]
        axes.plot([0, 1], [0, end], "k:", linewidth=1, label="any order, on average")
        axes.set(xlabel="share written to", ylabel="caused, for each person there is")
        axes.legend(title="Qini coefficient", fontsize="small")
        return figure


def evaluate_uplift(
    X: ArrayLike,
    y: ArrayLike,
    treatment: ArrayLike,
    *,
    probability: ArrayLike | float | None = None,
    persons: ArrayLike | None = None,
    model: UpliftModel | None = None,
    splits: int = 10,
    resamples: int = 200,
    random_state: int = 0,
) -> UpliftEvaluation:
    """Fit on one half of the persons and judge on the other, several times.

    Parameters
    ----------
    X, y, treatment, probability, persons
        Of an experiment, as for `UpliftModel.fit`.
    model : UpliftModel, optional
        With the settings to be judged; by default its own.
    splits : int
        Random halves.
    resamples : int
        Of persons, for the intervals.
    random_state : int
        Seed of halves, of the random order and of the bootstrap.

    Returns
    -------
    UpliftEvaluation

    Raises
    ------
    ValueError, NotEnoughDataError
        As for `UpliftModel.fit`, on a half.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X, written = rng.random((2000, 2)), rng.integers(2, size=2000)
    >>> bought = rng.random(2000) < 0.1 + 0.3 * X[:, 0] + 0.5 * (X[:, 1] > 0.5) * written
    >>> ours = UpliftModel(members=("additive", "interactions"))
    >>> found = evaluate_uplift(X, bought, written, model=ours, splits=2, resamples=50)
    >>> found.leads["response"].low > 0
    True
    """
    draw = Draw.of(y, treatment, probability=probability, persons=persons)
    features, rng = np.asarray(X, dtype=np.float64), np.random.default_rng(random_state)
    judged, chosen = [], []
    for _ in range(splits):
        half = rng.random(int(draw.person.max()) + 1) < 0.5
        train, test = np.flatnonzero(half[draw.person]), np.flatnonzero(~half[draw.person])
        ours = _fitted(model or UpliftModel(), features, draw, train)
        orders = _others(ours, features, draw, train, test)
        orders["random"] = rng.random(test.size)
        orders = {OURS: ours.predict(features[test])} | orders
        held = draw.rows(test)
        judged.append((test, {name: Order(held, order) for name, order in orders.items()}))
        chosen.append(ours.chosen_)
    return _told(draw, judged, chosen, resamples, rng)


def _fitted(model: UpliftModel, X: Array, draw: Draw, train: NDArray[np.intp]) -> UpliftModel:
    seen = draw.rows(train)
    return clone(model).fit(
        *(X[train], seen.outcome, seen.treated),
        probability=seen.probability,
        persons=seen.person,
    )


def _others(
    ours: UpliftModel, X: Array, draw: Draw, train: NDArray[np.intp], test: NDArray[np.intp]
) -> dict[str, Array]:
    """Return what each member, and a response model, make of the persons unseen."""
    learners: dict[str, Any] = {name: LEARNERS[name] for name in ours.members}
    learners["response"] = Response
    seen, seed = draw.rows(train), ours.random_state
    return {
        name: kind().fit(X[train], seen, seed).predict(X[test]) for name, kind in learners.items()
    }


def _told(
    draw: Draw,
    judged: list[tuple[NDArray[np.intp], dict[str, Order]]],
    chosen: list[str],
    resamples: int,
    rng: np.random.Generator,
) -> UpliftEvaluation:
    there = int(draw.person.max()) + 1

    def coefficients(times: NDArray[np.int64]) -> pd.DataFrame:
        """Return one row a split, where each person stands so many times."""
        return pd.DataFrame(
            {
                name: order.curve(times[draw.person[test]]).coefficient
                for name, order in each.items()
            }
            for test, each in judged
        )

    splits = coefficients(np.ones(there, dtype=np.int64))
    draws = pd.DataFrame(
        coefficients(np.bincount(rng.integers(there, size=there), minlength=there)).mean()
        for _ in range(resamples)
    )
    means, ours = splits.mean(), splits[OURS].mean()
    others = [name for name in splits if name != OURS]
    return UpliftEvaluation(
        splits=splits,
        chosen=chosen,
        means={name: _interval(means[name], draws[name]) for name in splits},
        leads={name: _interval(ours - means[name], draws[OURS] - draws[name]) for name in others},
        curves={
            name: order.curve(np.ones(len(judged[0][0]))) for name, order in judged[0][1].items()
        },
    )


def _interval(value: float, draws: pd.Series) -> Interval:
    low, high = draws.quantile([0.025, 0.975])
    return Interval(float(value), float(low), float(high))
