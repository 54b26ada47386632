"""The best plan of all by HiGHS, for as many persons as that is quick for.

One part for everybody makes it a transport problem, whose linear programme has whole solutions;
several parts make it a general assignment, solved as a whole-number programme.

References
----------
Huangfu and Hall, "Parallelizing the dual revised simplex method", Mathematical Programming
Computation 10 (2018).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array

from scoring.planner.problem import Problem
from scoring.planner.survey import NONE, surplus

FEW, FEW_PARTS = 40_000, 4_000
"""Pairs of a person and a slot that are solved exactly: about half a second each. The second is
for messages of several parts."""

NODES = 2_000
"""Where the search of a whole-number programme ends; counted, since a clock is not repeatable."""


def is_small(problem: Problem) -> bool:
    """Return whether a problem is small enough to be solved exactly."""
    several = problem.n > 0 and problem.parts.max() > problem.parts.min()
    return problem.n * problem.slots <= (FEW_PARTS if several else FEW)


def solve_exactly(problem: Problem) -> tuple[NDArray[np.int16], NDArray[np.float64]]:
    """Return the best choice of each person, (n,), and the prices of the slots, (S,)."""
    choice = np.full(problem.n, NONE, dtype=np.int16)
    persons, slots = _pairs(problem)
    if len(persons) == 0:
        return choice, np.zeros(problem.slots)
    worth = problem.values[persons, slots].astype(np.float64)
    matrix = _matrix(problem, persons, slots)
    most = np.concatenate([np.ones(problem.n), problem.room])
    # Interior points with crossover: a corner, thus whole, and several times as quick as simplex.
    relaxed = linprog(-worth, A_ub=matrix, b_ub=most, bounds=(0, 1), method="highs-ipm")
    taken = relaxed.x
    if np.abs(taken - taken.round()).max() > 1e-6:
        taken = _whole(worth, matrix, most, taken)
    chosen = taken > 0.5
    choice[persons[chosen]] = slots[chosen]
    return choice, np.maximum(-relaxed.ineqlin.marginals[problem.n :], 0)


def _pairs(problem: Problem) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return persons and the slots that can be theirs and are worth something."""
    worth = surplus(problem, np.arange(problem.n), np.zeros(problem.slots))
    persons, slots = np.nonzero(worth >= 0)
    return persons, slots


def _matrix(problem: Problem, persons: NDArray[np.intp], slots: NDArray[np.intp]) -> csr_array:
    """Return one row a person (at most one slot) and one a slot (parts)."""
    pairs = np.arange(len(persons))
    weights = np.concatenate([np.ones(len(pairs)), problem.parts[persons]])
    rows = np.concatenate([persons, problem.n + slots])
    shape = (problem.n + problem.slots, len(pairs))
    return csr_array((weights, (rows, np.concatenate([pairs, pairs]))), shape=shape)


def _whole(
    worth: NDArray[np.float64],
    matrix: csr_array,
    most: NDArray[np.float64],
    relaxed: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return a whole solution; the whole part of the relaxed one where the search finds none."""
    result = milp(
        -worth,
        constraints=LinearConstraint(matrix, -np.inf, most),
        bounds=Bounds(0, 1),
        integrality=np.ones(len(worth)),
        options={"node_limit": NODES, "mip_rel_gap": 1e-6},
    )
    return np.floor(relaxed + 1e-9) if result.x is None else result.x
