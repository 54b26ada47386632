"""One look at everybody at given prices: the best choice, how clear it is, and the dual bound.

The prices come from `scoring.planner.prices`; a look changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.planner.problem import BLOCK, Problem

NONE = -1
"""The choice of no message."""

Rows = slice | NDArray[np.intp]
EVERYBODY = slice(None)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Survey:
    """What everybody would choose at some prices."""

    prices: NDArray[np.float64]
    choice: NDArray[np.int16]
    """(n,): the best slot, `NONE` where no slot is worth its price."""
    margin: NDArray[np.float32]
    """(n,): how much better it is than the second best choice, for each part; inf: no second."""
    load: NDArray[np.int64]
    """(S,): parts that this puts into each slot."""
    surplus: float
    """What all choices together are worth above their prices."""
    bound: float
    """The dual: no plan is worth more."""


def survey(problem: Problem, prices: NDArray[np.float64]) -> Survey:
    """Look at everybody.

    The bound holds for any prices. What rounding to float32 can hide of it is added to it.
    """
    choice = np.empty(problem.n, dtype=np.int16)
    margin = np.empty(problem.n, dtype=np.float32)
    total = 0.0
    for rows in problem.blocks():
        best, choice[rows], margin[rows] = _best(problem, rows, prices.astype(np.float32))
        total += float(best.sum(dtype=np.float64))
    return _survey(problem, prices, choice, margin, total)


def look_again(
    problem: Problem, seen: Survey, persons: NDArray[np.intp], prices: NDArray[np.float64]
) -> Survey:
    """Look at some persons at other prices, at which everybody else chooses as before."""
    rest = seen.load - loads(problem, seen.choice, persons)
    total = seen.surplus - float(rest @ (prices - seen.prices))
    choice, margin = seen.choice.copy(), seen.margin.copy()
    for start in range(0, len(persons), BLOCK):
        some = persons[start : start + BLOCK]
        total -= float(_best(problem, some, seen.prices.astype(np.float32))[0].sum(dtype=float))
        best, choice[some], margin[some] = _best(problem, some, prices.astype(np.float32))
        total += float(best.sum(dtype=np.float64))
    return _survey(problem, prices, choice, margin, total)


def loads(
    problem: Problem, choice: NDArray[np.int16], persons: Rows = EVERYBODY
) -> NDArray[np.int64]:
    """Return the parts that some persons, or all, put into each slot, (S,)."""
    parts = problem.parts[persons]
    counts = np.bincount(choice[persons] + 1, weights=parts, minlength=problem.slots + 1)
    return counts[1:].astype(np.int64)


def surplus(problem: Problem, persons: NDArray[np.intp], prices: NDArray) -> NDArray[np.float64]:
    """Return what each slot is worth above its price, (k, S); -inf where it cannot be."""
    parts = problem.parts[persons][:, np.newaxis]
    possible = problem.legal(persons) & (parts <= problem.room)
    return np.where(possible, problem.values[persons] - parts * prices, -np.inf)


def _survey(
    problem: Problem,
    prices: NDArray[np.float64],
    choice: NDArray[np.int16],
    margin: NDArray[np.float32],
    total: float,
) -> Survey:
    return Survey(
        prices=prices,
        choice=choice,
        margin=margin,
        load=loads(problem, choice),
        surplus=total,
        bound=float(problem.room @ prices) + total + _rounding(problem, prices, total),
    )


def _best(
    problem: Problem, rows: Rows, prices: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.int16], NDArray[np.float32]]:
    """Return the best surplus of some persons, its slot, and the lead over the second best."""
    values, parts, window = problem.values[rows], problem.parts[rows], problem.window[rows]
    heavy, plain = parts.max(initial=0), parts.max(initial=0) <= 1
    best = np.zeros(len(parts), dtype=np.float32)
    second = np.full(len(parts), -np.inf, dtype=np.float32)
    choice = np.full(len(parts), NONE, dtype=np.int16)
    closed = np.where(problem.windows.T, 0, -np.inf).astype(np.float32)
    for slot in range(problem.slots):
        price = prices[slot] if plain else parts * prices[slot]
        here = values[:, slot] - price
        if not problem.windows[:, slot].all():
            here += closed[slot][window]
        if heavy > problem.room[slot]:
            here[parts > problem.room[slot]] = -np.inf
        better = here > best
        np.maximum(second, np.minimum(best, here), out=second)
        np.copyto(choice, slot, where=better)
        np.maximum(best, here, out=best)
    return best, choice, (best - second) / parts


def _rounding(problem: Problem, prices: NDArray[np.float64], surplus: float) -> float:
    """Return the most that float32 can have hidden of the bound."""
    paid = float(problem.parts.sum() * prices.max(initial=0))
    return float(np.finfo(np.float32).eps) * (2 * surplus + 2 * paid)
