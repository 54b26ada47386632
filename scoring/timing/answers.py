"""`AnswerModel`: how likely a person answers in each slot, from a log of sends and what she did.

Responsible for joining two things in one posterior: past activity, whose worth is learned from the
log (it may be none), and her own answers. It needs a log in which slots were also drawn at random
(`scoring.timing.exploration`); without one take `scoring.timing.SendTimeModel`.

The logarithm of a person's rate is the shop's curve, her level, her activity curve times a weight,
and a curve of answering alone. All of them are Gaussian; the covariance of activity is learned from
which slots occur together in one person, the rest by likelihood, so that it does not matter that
later sends were chosen in view of earlier answers.

References
----------
D. J. C. MacKay, "Bayesian interpolation", Neural Computation 4, 1992 (the update of the spreads).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils import check_array, check_consistent_length
from sklearn.utils.validation import check_is_fitted

from scoring.timing.circle import shares

Floats = NDArray[np.floating]

LEARNERS = 10_000
"""People from whom the spreads are learned, evenly spaced."""
ROUNDS = 12
"""Most rounds of learning; a policy that learns again goes on from the last."""
HASTE = 1.5
"""How much farther a weight goes than one step of EM, which creeps where answers are rare."""
SETTLED = 0.02
"""Learning ends when nothing moves by more than this, in nats."""
STEPS = 3
"""Newton steps to a person's posterior mode, from the mode before."""
LONGEST = 1.5
"""Most that a step moves, in standard deviations."""
BLOCK = 20_000
"""People worked on at once."""
LENGTH = 3.0
"""Slots over which a curve of answering alone is alike, as reactions of people to hours are."""
SMOOTH_FACTORS = 5
ALIKE = 3
"""Worlds of people who are all alike, that say how large chance alone lets a factor be."""
SHOP_SPREADS = (0.003, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64)
"""How far the shop's curve may stray from even, in nats; the likeliest is taken."""
WEIGHT_PRIOR = (1.0, 0.5)
"""Mean and standard deviation of the weight of activity before any answer is seen."""
BEGIN = (0.15, 0.5)
"""Spreads of own curves and of levels before any answer is seen, in nats."""
SPREADS = (0.02, 1.5)
"""Bounds of a learned standard deviation, in nats."""


@dataclass(slots=True)
class Log:
    """What is known of people, each of shape (people, slots)."""

    activity: Floats
    sends: Floats
    answers: Floats

    def __getitem__(self, rows: Any) -> Log:
        """Some people."""
        return Log(self.activity[rows], self.sends[rows], self.answers[rows])

    def __len__(self) -> int:
        return len(self.activity)


class AnswerModel(BaseEstimator):
    """P(answer) in each slot, from activity and a randomised log.

    Parameters
    ----------
    factors : int, default=5
        At most so many shapes of activity are told apart; fewer where fewer are above the noise.

    Attributes
    ----------
    shop_ : ndarray of shape (n_slots,)
        Logarithm of the answer rate of the median person.
    activity_factors_ : ndarray of shape (n_slots, k)
        Square root of the covariance of people's activity.
    activity_weight_ : float
        How far the curve of answering follows that of activity; 0: not at all.
    own_spread_, level_spread_ : float
        Standard deviations of curves of answering alone, and of people's levels, in nats.
    modes_ : ndarray of shape (n_people, k + 6)
        Posterior modes of those it was fitted on; a fit on the same people begins there.

    Notes
    -----
    A person's slots are told flatter than they are, by up to a third in simulations: the best slot
    comes first, and its lead is larger than told.

    Examples
    --------
    >>> import numpy as np
    >>> from scoring.simulation import STRONG, simulate
    >>> world = simulate(STRONG, people=2_000, seed=1)
    >>> sends = np.ones(world.rates.shape)
    >>> answers = np.random.default_rng(1).binomial(1, world.rates)
    >>> model = AnswerModel().fit(world.visits, sends, answers)
    >>> best = model.predict(world.visits, sends, answers).argmax(1)
    >>> bool(world.rates[np.arange(2_000), best].mean() > 1.2 * world.random)
    True
    """

    def __init__(self, factors: int = 5) -> None:
        self.factors = factors

    def fit(self, activity: Any, sends: Any, answers: Any) -> Self:
        """Learn what activity is worth and how people differ.

        Parameters
        ----------
        activity : array of shape (n_people, n_slots)
            Events before, without answers to these sends.
        sends : array of shape (n_people, n_slots)
            How often each was written to in each slot.
        answers : array of shape (n_people, n_slots)
            How often she answered, counted at the slot of the send.

        Returns
        -------
        AnswerModel
            Itself.

        Raises
        ------
        ValueError
            The shapes differ, something is negative or missing, or answers exceed sends.
        """
        log = _checked(activity, sends, answers)
        self._begin(log)
        learners = slice(None, None, max(1, len(log) // LEARNERS))
        self._learn(log[learners], self.modes_[learners])
        self.modes_ = self._all_modes(log, self.modes_)
        return self

    def predict(self, activity: Any, sends: Any, answers: Any) -> Floats:
        """Expected answer rates.

        Parameters
        ----------
        activity, sends, answers : array of shape (n_people, n_slots)
            As for `fit`.

        Returns
        -------
        ndarray of shape (n_people, n_slots)
            Between 0 and 1.
        """
        check_is_fitted(self)
        log = _checked(activity, sends, answers)
        modes = np.zeros((len(log), self._width))
        return self._rates(log, self._all_modes(log, modes, steps=2 * STEPS))

    def fit_predict(self, activity: Any, sends: Any, answers: Any) -> Floats:
        """Learn, and tell the rates of the same people."""
        self.fit(activity, sends, answers)
        return self._rates(_checked(activity, sends, answers), self.modes_)

    def _begin(self, log: Log) -> None:
        if getattr(self, "modes_", np.empty(0)).shape[:1] == (len(log),):
            return
        self.activity_factors_ = _activity_factors(log.activity, self.factors)
        self.activity_shares_ = shares(log.activity.sum(0) + 1)
        self.smooth_factors_ = _smooth_factors(log.activity.shape[1])
        self.activity_weight_ = WEIGHT_PRIOR[0]
        self.own_spread_, self.level_spread_ = BEGIN
        rate = (log.answers.sum() + 1) / (log.sends.sum() + 20)
        self.shop_ = np.full(log.activity.shape[1], np.log(rate) - self.level_spread_**2 / 2)
        self.modes_ = np.zeros((len(log), self._width))

    @property
    def _width(self) -> int:
        return self.activity_factors_.shape[1] + self.smooth_factors_.shape[1] + 1

    def _loadings(self) -> tuple[Floats, Floats]:
        """Of activity and of answers on what is hidden in a person; unit variances."""
        k, slots = self.activity_factors_.shape[1], len(self.shop_)
        activity = np.zeros((slots, self._width))
        activity[:, :k] = self.activity_factors_
        answers = np.full((slots, self._width), self.level_spread_)
        answers[:, :k] = self.activity_weight_ * self.activity_factors_
        answers[:, k:-1] = self.own_spread_ * self.smooth_factors_
        return activity, answers

    def _learn(self, log: Log, modes: Floats) -> None:
        if log.sends.sum() == 0:
            return
        for _ in range(ROUNDS):
            before = self._learned()
            modes, spread = self._posterior(log, modes, STEPS)
            self._learn_shop(log, modes, spread)
            self._learn_weight(log, modes, spread)
            self._learn_spreads(modes, spread)
            if np.abs(self._learned() - before).max() < SETTLED:
                break

    def _learned(self) -> Floats:
        return np.array([self.activity_weight_, self.own_spread_, self.level_spread_])

    def _learn_shop(self, log: Log, modes: Floats, spread: Floats) -> None:
        even = (log.sends * self._expected(modes, spread) / np.exp(self.shop_)).sum(0)
        mean = (log.answers.sum() + 1) / (even.sum() + 1)
        self.shop_ = np.log(mean) + _even_out(log.answers.sum(0), mean * even)

    def _learn_weight(self, log: Log, modes: Floats, spread: Floats) -> None:
        """One Newton step towards the highest bound of the likelihood."""
        k = self.activity_factors_.shape[1]
        _, loadings = self._loadings()
        rate = log.sends * self._expected(modes, spread)
        curve = modes[:, :k] @ self.activity_factors_.T
        width = np.einsum("nsk,sk->ns", self.activity_factors_ @ spread[:, :k], loadings)
        mean, deviation = WEIGHT_PRIOR
        slope = (log.answers * curve - rate * (curve + width)).sum()
        slope -= (self.activity_weight_ - mean) / deviation**2
        bend = (rate * (curve + width) ** 2).sum() + 1 / deviation**2
        step = np.clip(HASTE * slope / bend, -0.5, 0.5)
        self.activity_weight_ = float(np.clip(self.activity_weight_ + step, 0.0, 4.0))

    def _learn_spreads(self, modes: Floats, spread: Floats) -> None:
        k = self.activity_factors_.shape[1]
        variance = np.einsum("nii->ni", spread)
        self.own_spread_ *= _grown(modes[:, k:-1], variance[:, k:-1])
        self.level_spread_ *= _grown(modes[:, -1:], variance[:, -1:])
        self.own_spread_ = float(np.clip(self.own_spread_, *SPREADS))
        self.level_spread_ = float(np.clip(self.level_spread_, *SPREADS))

    def _all_modes(self, log: Log, modes: Floats, steps: int = STEPS) -> Floats:
        blocks = [slice(i, i + BLOCK) for i in range(0, len(log), BLOCK)]
        return np.vstack([self._posterior(log[rows], modes[rows], steps)[0] for rows in blocks])

    def _rates(self, log: Log, modes: Floats) -> Floats:
        blocks = [slice(i, i + BLOCK) for i in range(0, len(log), BLOCK)]
        return np.vstack([self._block_rates(log[rows], modes[rows]) for rows in blocks])

    def _block_rates(self, log: Log, modes: Floats) -> Floats:
        return np.minimum(self._expected(*self._posterior(log, modes, 0)), 1.0)

    def _expected(self, modes: Floats, spread: Floats) -> Floats:
        """Mean of a log-normal rate, in each slot."""
        _, loadings = self._loadings()
        width = np.einsum("nsk,sk->ns", loadings @ spread, loadings)
        return np.exp(self.shop_ + modes @ loadings.T + width / 2)

    def _posterior(self, log: Log, modes: Floats, steps: int) -> tuple[Floats, Floats]:
        """Gaussians nearest to what is hidden in each person: means and covariances.

        A rate's mean counts, not its mode: with one answer in twenty sends Laplace's approximation
        takes every spread for too large.
        """
        on_activity, on_answers = self._loadings()
        both = np.vstack([on_activity, on_answers])
        slope = log.activity @ on_activity + log.answers @ on_answers
        visits = log.activity.sum(1, keepdims=True) * self.activity_shares_
        visits = visits * np.exp(-0.5 * (on_activity**2).sum(1))
        base = np.hstack([visits, log.sends * np.exp(self.shop_)])
        width = np.broadcast_to((both**2).sum(1), base.shape)
        squares, unit = _squares(both), np.eye(self._width)
        for step in range(steps + 2):
            rates = base * np.exp(modes @ both.T + width / 2)
            spread = np.linalg.inv((rates @ squares).reshape(-1, *unit.shape) + unit)
            if step > steps:
                break
            width = np.einsum("nsk,sk->ns", both @ spread, both)
            if step < steps:
                move = (spread @ (slope - rates @ both - modes)[:, :, None])[:, :, 0]
                modes = modes + np.clip(move, -LONGEST, LONGEST)
        return modes, spread


def _checked(activity: Any, sends: Any, answers: Any) -> Log:
    arrays = [
        check_array(a, dtype=np.float64, ensure_non_negative=True, input_name=name)
        for name, a in (("activity", activity), ("sends", sends), ("answers", answers))
    ]
    check_consistent_length(*arrays)
    if len({a.shape for a in arrays}) != 1:
        raise ValueError("activity, sends and answers have different numbers of slots")
    if (arrays[2] > arrays[1]).any():
        raise ValueError("more answers than sends in a slot; a click counts once a message")
    return Log(*arrays)


def _activity_factors(counts: Floats, most: int) -> Floats:
    """Square root of the covariance of relative activity, as far as it is above the noise.

    A factor counts when its eigenvalue exceeds those of people who are all alike (J. L. Horn,
    "A rationale and test for the number of factors", Psychometrika 30, 1965).
    """
    random = np.random.default_rng(0)
    share = shares(counts.sum(0) + 1)
    totals = np.rint(counts.sum(1)).astype(int)
    alike = [random.multinomial(totals, share).astype(float) for _ in range(ALIKE)]
    edge = max(np.linalg.eigvalsh(_covariance(others)).max() for others in alike)
    values, vectors = np.linalg.eigh(_covariance(counts))
    keep = [i for i in np.argsort(-values)[:most] if values[i] > edge]
    return vectors[:, keep] * np.sqrt(values[keep])


def _covariance(counts: Floats) -> Floats:
    """Two events of one person fall into slots as often as her rates there go together.

    Shrunk to a covariance of distances alone, as far as chance explains the difference.
    """
    total, share = counts.sum(1), shares(counts.sum(0) + 1)
    expected = max(float((total * (total - 1)).sum()), 1.0) * np.outer(share, share) + 1
    pairs = counts.T @ counts - np.diag(counts.sum(0)) + 1
    found = np.log(np.maximum(pairs / expected, 0.1))
    steps = np.abs(np.subtract.outer(np.arange(len(share)), np.arange(len(share)))).ravel()
    even = (np.bincount(steps, found.ravel()) / np.bincount(steps))[steps].reshape(found.shape)
    noise = float(np.mean(1 / expected))
    excess = max(float(((found - even) ** 2).mean()) - noise, 0.0)
    found = even + excess / (excess + noise) * (found - even)
    return (found + found.T) / 2


def _even_out(seen: Floats, expected: Floats) -> Floats:
    """Logarithm of seen over expected in each slot, as far as it is smooth and no chance."""
    ratio = np.log((seen + 1) / (expected + 1))
    chance = np.diag(1 / (expected + 1))
    alike = _alike(len(seen))
    likeliest = max(
        (s**2 * alike for s in SHOP_SPREADS), key=lambda c: _likelihood(ratio, c + chance)
    )
    return likeliest @ np.linalg.solve(likeliest + chance, ratio)


def _likelihood(values: Floats, covariance: Floats) -> float:
    return float(-np.linalg.slogdet(covariance)[1] - values @ np.linalg.solve(covariance, values))


def _alike(slots: int) -> Floats:
    """Correlation of what slots do, by their distance."""
    steps = np.subtract.outer(np.arange(slots), np.arange(slots)) / LENGTH
    return np.exp(-0.5 * steps**2)


def _smooth_factors(slots: int) -> Floats:
    """Square root of a smooth covariance with unit mean variance, without the level."""
    centre = np.eye(slots) - 1 / slots
    values, vectors = np.linalg.eigh(centre @ _alike(slots) @ centre)
    keep = np.argsort(-values)[: min(SMOOTH_FACTORS, slots - 1)]
    factors = vectors[:, keep] * np.sqrt(np.maximum(values[keep], 0))
    return factors / np.sqrt(max((factors**2).sum() / slots, 1e-12))


def _squares(loadings: Floats) -> Floats:
    return np.einsum("sk,sl->skl", loadings, loadings).reshape(len(loadings), -1)


def _grown(modes: Floats, variance: Floats) -> float:
    """Factor by which a standard deviation was taken too small.

    MacKay's fixed point, twice as far: where answers are rare it creeps.
    """
    known = max(float((1 - variance).sum()), 1e-6)
    return float(np.clip((modes**2).sum() / known, 0.5, 2.0))
