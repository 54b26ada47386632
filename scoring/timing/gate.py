"""The gate: whether a shop sends now, at one hour for all, or at each person's own hours.

Responsible for the decision, which each shop must earn on data that its curves have not seen, and
for one sentence that says why. The values come from `scoring.offpolicy` where slots were drawn at
random with logged probabilities, else from the hours of later events.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scoring.errors import NotEnoughDataError
from scoring.offpolicy import Comparison, compare

Floats = NDArray[np.floating]


class Level(StrEnum):
    """How far hours are chosen, as in ``scores.best_hours``."""

    NOW = "now"
    ONE_HOUR = "one_hour"
    PERSONAL = "personal"


@dataclass(frozen=True, kw_only=True, slots=True)
class Gain:
    """What one level is worth above another, with a 95 % interval by person."""

    value: float
    low: float
    high: float

    @property
    def earned(self) -> bool:
        """Whether the whole interval lies above 0."""
        return self.low > 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What a shop's data speak for."""

    level: Level
    reason: str
    """One sentence for the shop."""
    one_hour: Gain | None
    """One hour for all above now; None: too little to tell."""
    personal: Gain | None
    """Personal hours above the better of the two; None: too little to tell."""


def decide_by_log(
    answered: ArrayLike,
    slot: ArrayLike,
    probability: ArrayLike,
    person: ArrayLike,
    *,
    one_hour: int,
    personal: ArrayLike,
    slots: int,
    predicted: ArrayLike | None = None,
) -> Verdict:
    """Decide by a log of sends whose slots were drawn at random.

    Parameters
    ----------
    answered : array of shape (n_sends,)
        1 where she answered.
    slot : array of int of shape (n_sends,)
        The slot of the send.
    probability : array of shape (n_sends,)
        How likely that slot was, as logged.
    person : array of shape (n_sends,)
        Whose send it is.
    one_hour : int
        The slot that was best for all in earlier data.
    personal : array of int of shape (n_sends,)
        Each send's best slot for its person, by earlier data.
    slots : int
        How many slots there are; "now" is any of them.
    predicted : array of shape (n_sends, slots), optional
        P(answer) by a model of earlier data: doubly robust; without it self-normalised weights.

    Returns
    -------
    Verdict

    Examples
    --------
    >>> random = np.random.default_rng(0)
    >>> person = np.arange(20_000) % 4_000
    >>> slot = random.integers(4, size=20_000)
    >>> answered = random.random(20_000) < np.where(slot == person % 4, 0.2, 0.05)
    >>> verdict = decide_by_log(
    ...     answered, slot, np.full(20_000, 0.25), person, one_hour=0, personal=person % 4, slots=4
    ... )
    >>> print(verdict.level)
    personal
    """
    log = (answered, slot, probability)
    n = len(np.asarray(slot))
    even = np.full((n, slots), 1 / slots)
    one = np.eye(slots)[np.full(n, one_hour)]
    own = np.eye(slots)[np.asarray(personal)]
    first = _gain(log, one, even, person, predicted)
    base = one if first is not None and first.earned else even
    return _verdict(first, _gain(log, own, base, person, predicted), "answers a send")


def decide_by_events(
    shop: ArrayLike, personal: ArrayLike, slots: int, person: ArrayLike
) -> Verdict:
    """Decide by the hours of later events, where no slot was drawn at random.

    It tells whether hours can be foretold, not whether answers follow them: weaker than a log.

    Parameters
    ----------
    shop, personal : array of shape (n_events,)
        P(hour of the event) by the shop's curve and by the person's, both from earlier data.
    slots : int
        How many hours there are; "now" foretells each with 1 / slots.
    person : array of shape (n_events,)
        Whose event it is.

    Returns
    -------
    Verdict

    Examples
    --------
    >>> shop, own = np.full(900, 0.10), np.full(900, 0.10)
    >>> print(decide_by_events(shop, own, 24, np.arange(900) % 300).level)
    one_hour
    """
    even, people = -np.log(slots), np.unique(person, return_inverse=True)[1]
    by_shop, by_person = np.log(np.asarray(shop, float)), np.log(np.asarray(personal, float))
    first = _mean_gain(by_shop - even, people)
    base = by_shop if first is not None and first.earned else even
    return _verdict(first, _mean_gain(by_person - base, people), "nats an event")


def _gain(
    log: tuple[ArrayLike, ArrayLike, ArrayLike],
    target: Floats,
    base: Floats,
    person: ArrayLike,
    predicted: ArrayLike | None,
) -> Gain | None:
    try:
        found = compare(*log, target, base, persons=person, predicted=predicted)
    except NotEnoughDataError:
        return None
    return _of(found)


def _of(found: Comparison) -> Gain:
    return Gain(value=found.value, low=found.low, high=found.high)


def _mean_gain(gains: Floats, people: NDArray[np.integer]) -> Gain | None:
    """Mean with a normal interval; events of one person depend on each other."""
    if len(gains) == 0 or people.max() == 0:
        return None
    mean = gains.mean()
    by_person = np.bincount(people, gains - mean)
    half = 1.96 * np.sqrt((by_person**2).sum()) / len(gains)
    return Gain(value=float(mean), low=float(mean - half), high=float(mean + half))


def _verdict(one_hour: Gain | None, personal: Gain | None, unit: str) -> Verdict:
    level = Level.NOW
    if one_hour is not None and one_hour.earned:
        level = Level.ONE_HOUR
    if personal is not None and personal.earned:
        level = Level.PERSONAL
    reason = _reason(level, one_hour, personal, unit)
    return Verdict(level=level, reason=reason, one_hour=one_hour, personal=personal)


def _reason(level: Level, one_hour: Gain | None, personal: Gain | None, unit: str) -> str:
    base = "one hour for all" if one_hour is not None and one_hour.earned else "any hour"
    told = _words("personal hours", base, personal, unit)
    if level is Level.PERSONAL:
        return f"Personal hours: {told}."
    one = _words("one hour for all", "any hour", one_hour, unit)
    if level is Level.ONE_HOUR:
        return f"One hour for all: {one}; {told}."
    return f"Now: {one}; {told}."


def _words(what: str, base: str, gain: Gain | None, unit: str) -> str:
    if gain is None:
        return f"there is too little to tell {what} from {base}"
    verb = "are" if what.startswith("personal") else "is"
    end = "" if gain.earned else ", which may be none"
    between = f"95 % between {gain.low:+.4f} and {gain.high:+.4f}"
    return f"{what} {verb} worth {gain.value:+.4f} {unit} above {base} ({between}){end}"
