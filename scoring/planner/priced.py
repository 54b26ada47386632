"""Large plans: prices from a sample, then from those whose choice is open, then the choice itself.

Most people's choice is clear: no price near the present ones would change it. Only the others, and
the room that the clear ones leave, decide what the prices are exactly. So everybody is looked at
once, as a rule.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scoring.planner.prices import FINE, ROUGH, Dual
from scoring.planner.problem import BLOCK, Problem
from scoring.planner.repair import Repair
from scoring.planner.survey import NONE, Survey, loads, look_again, surplus, survey

Floats = NDArray[np.float64]

SAMPLE = 32_000
"""Persons of the first prices; they come out to about 1 % of a slot's load."""

OPEN, OPEN_SHARE = 60_000, 0.15
"""Persons, or the share of all, whose choices are the least clear and stay open for exact prices;
the prices are made of so many of them as the first number says."""

BEYOND = 3
"""How much further than that prices may move in one go; then everybody is looked at again."""

LOOKS = 4
"""Looks at everybody at most; one or two are usual."""

SEED = 20_240_501
"""Of samples: not for the caller to change, so that a plan is the same each time and what is drawn
in it is drawn by the exploration alone."""

GOLDEN = (5**0.5 - 1) / 2
"""Its multiples, without their whole parts, are spread evenly however many they are."""


def choose_by_prices(problem: Problem) -> tuple[NDArray[np.int16], Floats, float]:
    """Return everybody's choice, (n,), the prices, (S,), and the dual bound."""
    rng = np.random.default_rng(SEED)
    sample = _sample(problem)
    dual = _dual(problem, sample, problem.room * (len(sample) / max(problem.n, 1)))
    scale = dual.scale()
    seen = survey(problem, dual.solve(np.zeros(problem.slots), ROUGH * scale, FINE * scale))
    for _ in range(LOOKS - 1 if len(sample) < problem.n else 0):
        unclear, reach = _unclear(problem, seen)
        if reach <= FINE * scale:
            break  # they are equals: there is nothing finer to find
        prices = _refine(problem, seen, unclear, reach, scale, rng)
        near = bool((np.abs(prices - seen.prices) <= reach).all())
        found = look_again(problem, seen, unclear, prices) if near else survey(problem, prices)
        better, seen = found.bound < seen.bound, min(seen, found, key=lambda look: look.bound)
        if near or not better:
            break
    choice = _among_equals(problem, seen, FINE * scale)
    return _repaired(problem, choice, seen), seen.prices, seen.bound


def _refine(
    problem: Problem,
    seen: Survey,
    unclear: NDArray[np.intp],
    reach: float,
    scale: float,
    rng: np.random.Generator,
) -> Floats:
    """Return better prices, as if they changed no choices but the unclear ones."""
    asked = _some(unclear, OPEN, rng)
    clear = seen.load - loads(problem, seen.choice, unclear)
    room = (problem.room - clear) * (len(asked) / max(len(unclear), 1))
    far = BEYOND * reach
    near = _dual(problem, asked, room, seen.prices - far, seen.prices + far)
    return near.solve(seen.prices, ROUGH * scale / 64, FINE * scale)


def _unclear(problem: Problem, seen: Survey) -> tuple[NDArray[np.intp], float]:
    """Return whose choice is unclear, and how far prices may move without changing the others'."""
    most_open = max(OPEN, int(OPEN_SHARE * problem.n))
    if problem.n <= most_open:
        return np.arange(problem.n), np.inf
    lead = float(np.partition(seen.margin, most_open)[most_open])
    return np.flatnonzero(seen.margin <= lead), lead / 2


def _dual(
    problem: Problem,
    persons: NDArray[np.intp],
    room: Floats,
    low: Floats | float = 0.0,
    high: Floats | float = np.inf,
) -> Dual:
    free = np.zeros(problem.slots)
    return Dual(
        worth=np.ascontiguousarray(surplus(problem, persons, free).T),
        parts=problem.parts[persons].astype(np.float64),
        room=room,
        low=np.maximum(free, low),
        high=free + high,
    )


def _among_equals(problem: Problem, seen: Survey, smoothing: float) -> NDArray[np.int16]:
    """Return the choices, dealt where several are as good, in the shares that make them fit.

    Where whole groups are worth the same everywhere (one curve for all), the best choice of all of
    them is the same slot; the smoothed shares are what fills each. The golden ratio deals them more
    evenly than chance.
    """
    choice = seen.choice.copy()
    equal = np.flatnonzero(seen.margin < 20 * smoothing)
    equal = equal[np.argsort(_kind(problem)[equal], kind="stable")]
    for start in range(0, len(equal), BLOCK):
        some = equal[start : start + BLOCK]
        worth = np.maximum(surplus(problem, some, seen.prices) / smoothing, -700.0)
        worth = np.concatenate([np.zeros((len(some), 1)), worth], axis=1)
        share = np.exp(worth - worth.max(axis=1, keepdims=True)).cumsum(axis=1)
        dealt = (np.arange(start, start + len(some)) * GOLDEN) % 1 * share[:, -1]
        choice[some] = (share <= dealt[:, np.newaxis]).sum(axis=1) + NONE
    return choice


def _repaired(problem: Problem, choice: NDArray[np.int16], seen: Survey) -> NDArray[np.int16]:
    repair = Repair(problem, choice, seen.margin, seen.prices)
    repair.unload()
    repair.fill(np.flatnonzero(repair.choice == NONE))
    repair.improve(_some_least(seen.margin, OPEN))
    return repair.choice


def _sample(problem: Problem) -> NDArray[np.intp]:
    """Return persons in which each window and number of parts has its share.

    Where whole groups are worth the same, how large each of them is decides the prices.
    """
    if problem.n <= SAMPLE:
        return np.arange(problem.n)
    order = np.argsort(_kind(problem), kind="stable")
    return np.sort(order[np.linspace(0, problem.n - 1, SAMPLE).astype(np.intp)])


def _kind(problem: Problem) -> NDArray[np.integer]:
    """Return a number for each person, the same for those of one window and number of parts."""
    kind = problem.window * (int(problem.parts.max()) + 1) + problem.parts
    return kind.astype(np.uint16) if kind.max() < 1 << 16 else kind


def _some(persons: NDArray[np.intp], most: int, rng: np.random.Generator) -> NDArray[np.intp]:
    if len(persons) <= most:
        return persons
    return np.sort(rng.choice(persons, most, replace=False, shuffle=False))


def _some_least(margin: NDArray[np.float32], most: int) -> NDArray[np.intp]:
    """Return the persons of the least margins."""
    if len(margin) <= most:
        return np.arange(len(margin))
    return np.argpartition(margin, most)[:most]
