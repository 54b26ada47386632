"""The value of a policy, or of one above another, with an interval; or one sentence why not.

Responsible for putting log, weights, formula and interval together.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring.offpolicy.estimators import ESTIMATORS, Estimator, Terms
from scoring.offpolicy.log import FLOOR, Log
from scoring.offpolicy.telling import RESAMPLES, Interval, Told, tell
from scoring.offpolicy.weights import (
    ENOUGH,
    check_effective_size,
    importance_weights,
    policy_matrix,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimate:
    """What a policy is worth.

    Attributes
    ----------
    value : float
        Expected reward of one choice.
    low, high : float
        Ends of its interval.
    error : float
        Its standard error, by person.
    effective_size : float
        How many of the logged rows count for this policy.
    weight_mean, weight_most : float
        Mean and largest weight; the mean is 1 but for chance where the logged probabilities are
        true and the log could take every action of the policy.
    rows, persons : int
        Size of the log.
    estimator : str
        Its name.
    """

    value: float
    low: float
    high: float
    error: float
    effective_size: float
    weight_mean: float
    weight_most: float
    rows: int
    persons: int
    estimator: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """What a policy is worth above another one, on the same rows.

    Attributes
    ----------
    value : float
        Expected reward of one choice under the first, minus that under the second.
    low, high : float
        Ends of its interval; the first is better when `low` is above 0.
    error : float
        Its standard error, by person.
    rows, persons : int
        Size of the log.
    estimator : str
        Its name.
    """

    value: float
    low: float
    high: float
    error: float
    rows: int
    persons: int
    estimator: str


def evaluate(
    reward: ArrayLike,
    action: ArrayLike,
    propensity: ArrayLike,
    target: ArrayLike,
    *,
    persons: ArrayLike | None = None,
    predicted: ArrayLike | None = None,
    estimator: str | None = None,
    interval: str = "log",
    coverage: float = 0.95,
    cap: float | None = None,
    floor: float = FLOOR,
    enough: float = ENOUGH,
    resamples: int = RESAMPLES,
    random_state: int | None = 0,
) -> Estimate:
    """Value a policy from the log of another one.

    Parameters
    ----------
    reward : array-like of shape (n,)
        What came of each choice.
    action : array-like of shape (n,)
        What was chosen, from 0.
    propensity : array-like of shape (n,)
        How likely that was; a row without it is refused.
    target : array-like of shape (n,) or (n, actions)
        The policy to be valued: its action in each row, or the probability of each action.
    persons : array-like of shape (n,), optional
        Who each row is for; the interval holds rows of one person together.
    predicted : array-like of shape (n, actions), optional
        Rewards of a model that did not see the row (`predict_rewards`).
    estimator : {"ips", "snips", "dm", "dr", "sndr"}, optional
        By default "dr" where there are predicted rewards, else "snips". "dm" trusts its model
        blindly: its interval leaves out what the model itself may be wrong by.
    interval : {"log", "normal", "bootstrap"}
        From the influence function on the scale of logarithms (where a value is not above 0, or a
        reward is negative: "normal"), the same as far to either side, or by resampling persons.
        On simulated logs the first holds the truth as often as it says also where few sends count
        (`bench/scoring/offpolicy.py`); the others do less often there.
    coverage : float
        Share of such intervals that hold the truth.
    cap : float, optional
        Largest weight.
    floor, enough : float
        Least logged probability and least effective sample size that are accepted.
    resamples, random_state : int
        Of the bootstrap.

    Returns
    -------
    Estimate

    Raises
    ------
    ValueError
        An array cannot be used, or a probability is missing or below `floor`.
    NotEnoughDataError
        The effective sample size is below `enough`.

    References
    ----------
    Horvitz, D. G. and Thompson, D. J. (1952). A generalization of sampling without replacement
    from a finite universe. JASA 47. Swaminathan, A. and Joachims, T. (2015). The self-normalized
    estimator for counterfactual learning. NeurIPS. Dudik, M., Langford, J. and Li, L. (2011).
    Doubly robust policy evaluation and learning. ICML.

    Examples
    --------
    Two slots, drawn evenly; the second one is better, and is what the policy would choose.

    >>> rng = np.random.default_rng(0)
    >>> slot = rng.integers(2, size=10_000)
    >>> click = rng.random(10_000) < np.where(slot == 1, 0.10, 0.05)
    >>> worth = evaluate(click, slot, np.full(10_000, 0.5), np.ones(10_000, dtype=int))
    >>> worth.low < 0.10 < worth.high
    True
    """
    how = Interval(kind=interval, coverage=coverage, resamples=resamples, random_state=random_state)
    log = Log.of(reward, action, propensity, persons=persons, floor=floor)
    formula = _formula(estimator, predicted)
    terms = _terms(log, target, predicted, cap)
    size = check_effective_size(terms.weight, enough) if formula.weighted else float(log.rows)
    return Estimate(
        **_told(log, tell(formula, [terms], log.person, how), formula),
        effective_size=size,
        weight_mean=float(terms.weight.mean()),
        weight_most=float(terms.weight.max()),
    )


def compare(
    reward: ArrayLike,
    action: ArrayLike,
    propensity: ArrayLike,
    target: ArrayLike,
    baseline: ArrayLike,
    *,
    persons: ArrayLike | None = None,
    predicted: ArrayLike | None = None,
    estimator: str | None = None,
    interval: str = "log",
    coverage: float = 0.95,
    cap: float | None = None,
    floor: float = FLOOR,
    enough: float = ENOUGH,
    resamples: int = RESAMPLES,
    random_state: int | None = 0,
) -> Comparison:
    """Value a policy above another one, both from the same log.

    The rows are the same, so what both share cancels: the interval of the difference is narrower
    than those of the two values let think.

    Parameters
    ----------
    reward, action, propensity, target : array-like
        As for `evaluate`.
    baseline : array-like of shape (n,) or (n, actions)
        The policy to be compared with.
    persons, predicted, estimator, interval, coverage, cap, floor, enough, resamples, random_state
        As for `evaluate`.

    Returns
    -------
    Comparison

    Raises
    ------
    ValueError, NotEnoughDataError
        As for `evaluate`, for either policy.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> slot = rng.integers(2, size=10_000)
    >>> click = rng.random(10_000) < np.where(slot == 1, 0.10, 0.05)
    >>> ones = np.ones(10_000, dtype=int)
    >>> gain = compare(click, slot, np.full(10_000, 0.5), ones, 0 * ones)
    >>> gain.low > 0
    True
    """
    how = Interval(kind=interval, coverage=coverage, resamples=resamples, random_state=random_state)
    log = Log.of(reward, action, propensity, persons=persons, floor=floor)
    formula = _formula(estimator, predicted)
    both = [_terms(log, policy, predicted, cap) for policy in (target, baseline)]
    if formula.weighted:
        for terms in both:
            check_effective_size(terms.weight, enough)
    return Comparison(**_told(log, tell(formula, both, log.person, how), formula))


def _formula(name: str | None, predicted: ArrayLike | None) -> Estimator:
    chosen = name or ("snips" if predicted is None else "dr")
    if chosen not in ESTIMATORS:
        raise ValueError(f"estimator: {chosen!r} is none of {', '.join(ESTIMATORS)}")
    formula = ESTIMATORS[chosen]
    if formula.modelled and predicted is None:
        raise ValueError(f"estimator: {chosen} needs predicted rewards; predict_rewards makes them")
    return formula


def _terms(log: Log, target: ArrayLike, predicted: ArrayLike | None, cap: float | None) -> Terms:
    if predicted is None:
        policy = policy_matrix(target, log)
        return Terms(reward=log.reward, weight=importance_weights(policy, log, cap))
    rewards = np.asarray(predicted, dtype=np.float64)
    policy = policy_matrix(target, log, rewards.shape[-1])
    if rewards.shape != policy.shape or not np.isfinite(rewards).all():
        raise ValueError(f"predicted: finite numbers of shape {policy.shape} would fit the log")
    return Terms(
        reward=log.reward,
        weight=importance_weights(policy, log, cap),
        expected=np.sum(policy * rewards, axis=1),
        fitted=rewards[np.arange(log.rows), log.action],
    )


def _told(log: Log, told: Told, formula: Estimator) -> dict[str, float | int | str]:
    return asdict(told) | {"rows": log.rows, "persons": log.persons, "estimator": formula.name}
