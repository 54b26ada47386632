"""What messages earned: revenue that would not have come without them, by the holdout.

Responsible for attribution by comparison. An order that follows a click is not taken for caused by
it: most of them would have come anyway, as the holdout shows.
"""

from __future__ import annotations

from dataclasses import dataclass

from numpy.typing import ArrayLike

from scoring.uplift.effect import Effect, average_effect


@dataclass(frozen=True, kw_only=True, slots=True)
class Incremental:
    """Revenue caused by the messages of an experiment.

    Attributes
    ----------
    revenue, low, high : float
        Of all who were treated, above what they would have spent anyway, and its interval.
    spend : float
        All that the treated spent: what counting every order of theirs would claim.
    cost : float
        Of the messages; 0 where it was not given.
    effect : Effect
        The same for each person.
    """

    revenue: float
    low: float
    high: float
    spend: float
    cost: float
    effect: Effect

    @property
    def sentence(self) -> str:
        """What may be said of it."""
        told = f"{self.revenue:,.0f} [{self.low:,.0f}, {self.high:,.0f}]"
        share = f"of {self.spend:,.0f} that the treated spent"
        if not self.effect.measurable:
            return f"not measurable yet: the messages may have brought {told} {share}"
        net = f", {self.revenue - self.cost:,.0f} after their cost" if self.cost else ""
        return f"the messages brought {told} {share}{net}"


def incremental_revenue(
    spend: ArrayLike,
    treatment: ArrayLike,
    *,
    probability: ArrayLike | float | None = None,
    persons: ArrayLike | None = None,
    covariates: ArrayLike | None = None,
    cost: float = 0.0,
    coverage: float = 0.95,
) -> Incremental:
    """Estimate the revenue that messages caused.

    Parameters
    ----------
    spend : array-like of shape (n,)
        Of each person in the days after the draw, in one currency.
    treatment, probability, persons, covariates, coverage
        As for `scoring.uplift.average_effect`; the covariates are usually earlier spend.
    cost : float
        Of all messages of the experiment, in the same currency.

    Returns
    -------
    Incremental

    Raises
    ------
    ValueError
        An arm is empty, or a row cannot be used.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> written = rng.random(20_000) < 0.9
    >>> spend = rng.gamma(2.0, 5.0, size=20_000) + 2.0 * written
    >>> found = incremental_revenue(spend, written, probability=0.9)
    >>> found.low < 2.0 * written.sum() < found.high < found.spend
    True
    """
    given = {"probability": probability, "persons": persons, "covariates": covariates}
    effect = average_effect(spend, treatment, **given, coverage=coverage)
    there = effect.treated_rows
    return Incremental(
        revenue=effect.value * there,
        low=effect.low * there,
        high=effect.high * there,
        spend=effect.treated * there,
        cost=cost,
        effect=effect,
    )
