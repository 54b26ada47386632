"""What a message causes on average, with an interval.

Responsible for means over everybody; who is moved most is the matter of `UpliftModel`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scoring.offpolicy.intervals import Spread, by_person, t_interval
from scoring.uplift.draw import Array, Draw
from scoring.uplift.power import not_measurable


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """The average effect of a treatment.

    Attributes
    ----------
    value, low, high : float
        Mean outcome of the treated minus that of the controls, and its interval.
    error : float
        Its standard error, by person.
    treated, control : float
        Means of the two arms.
    treated_rows, control_rows : int
        Their sizes.
    reduction : float or None
        Share of the variance that the covariates took away (CUPED); None without covariates.
    """

    value: float
    low: float
    high: float
    error: float
    treated: float
    control: float
    treated_rows: int
    control_rows: int
    reduction: float | None = None

    @property
    def measurable(self) -> bool:
        """Whether its interval leaves out 0."""
        return self.low > 0 or self.high < 0

    @property
    def sentence(self) -> str:
        """What may be said of it."""
        told = f"{self.value:+.4g} for each person [{self.low:+.4g}, {self.high:+.4g}]"
        if self.measurable:
            return told
        wish = not_measurable(self.control, min(self.treated_rows, self.control_rows))
        return f"{wish or 'not measurable yet'} ({told})"


def average_effect(
    outcome: ArrayLike,
    treatment: ArrayLike,
    *,
    probability: ArrayLike | float | None = None,
    persons: ArrayLike | None = None,
    covariates: ArrayLike | None = None,
    coverage: float = 0.95,
) -> Effect:
    """Estimate what the message caused, for each person who was meant to get it.

    Parameters
    ----------
    outcome : array-like of shape (n,)
        What came of it: 1 for who bought, or an amount.
    treatment : array-like of shape (n,)
        1 for who was meant to be written to, 0 for who was held out.
    probability : array-like of shape (n,) or float, optional
        Chance of being treated; rows are weighted by it where it differs.
    persons : array-like of shape (n,), optional
        Who each row is; rows of one person are held together.
    covariates : array-like of shape (n,) or (n, k), optional
        What was known before the draw, such as earlier spend: what they explain is taken out of
        the outcome (CUPED), which leaves the effect and may shrink its interval.
    coverage : float
        Of the interval.

    Returns
    -------
    Effect

    Raises
    ------
    ValueError
        An arm is empty, or a row cannot be used.

    References
    ----------
    Deng, A., Xu, Y., Kohavi, R. and Walker, T. (2013). Improving the sensitivity of online
    controlled experiments by utilizing pre-experiment data. WSDM.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> written = rng.integers(2, size=20_000)
    >>> bought = rng.random(20_000) < 0.10 + 0.03 * written
    >>> effect = average_effect(bought, written)
    >>> effect.low < 0.03 < effect.high, effect.measurable
    (True, True)
    """
    draw = Draw.of(outcome, treatment, probability=probability, persons=persons)
    value, spread = _difference(draw, draw.outcome)
    reduction = None
    if covariates is not None:
        before = spread.error
        value, spread = _difference(draw, _without(draw, np.asarray(covariates, np.float64)))
        reduction = 1 - (spread.error / before) ** 2 if before else 0.0
    low, high = t_interval(value, spread, coverage)
    means = [_mean(draw, draw.outcome, arm) for arm in (draw.treated, ~draw.treated)]
    return Effect(
        value=value,
        low=low,
        high=high,
        error=spread.error,
        treated=means[0],
        control=means[1],
        treated_rows=draw.arms[0],
        control_rows=draw.arms[1],
        reduction=reduction,
    )


def _mean(draw: Draw, y: Array, arm: NDArray[np.bool_]) -> float:
    return float(np.average(y[arm], weights=draw.weight[arm]))


def _difference(draw: Draw, y: Array) -> tuple[float, Spread]:
    """Return the weighted difference of means, and its spread."""
    treated, control = (_mean(draw, y, arm) for arm in (draw.treated, ~draw.treated))
    shares = draw.weight / np.where(
        draw.treated, draw.weight[draw.treated].sum(), draw.weight[~draw.treated].sum()
    )
    residual = np.where(draw.treated, y - treated, control - y)
    sums = by_person((shares * residual)[:, None], draw.person)[:, 0]
    return treated - control, Spread.of(sums, rows=1)


def _without(draw: Draw, covariates: Array) -> Array:
    """Return the outcome less what the covariates explain of it inside of the arms."""
    known = covariates.reshape(len(draw.outcome), -1)
    if not np.isfinite(known).all():
        raise ValueError("covariates: finite numbers are needed")
    centred, y = known - known.mean(axis=0), draw.outcome.copy()
    inside = centred.copy()
    for arm in (draw.treated, ~draw.treated):
        inside[arm] -= inside[arm].mean(axis=0)
        y[arm] -= y[arm].mean()
    slope = np.linalg.lstsq(inside, y, rcond=None)[0]
    return draw.outcome - centred @ slope
