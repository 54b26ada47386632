"""From what everybody would choose to what fits: nobody too much in a slot, no room left unused.

Each step is one of proposals: persons propose to move to where they lose least (or win most), each
slot takes the best proposals that it has room for, and who is refused proposes again.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scoring.planner.problem import Problem
from scoring.planner.survey import NONE, loads, surplus

Persons = NDArray[np.intp]

NEAR, AT_LEAST = 20, 2_000
"""Persons that are asked for each part too much in a slot, and in all: those whose choice was least
clear. To ask everybody finds hardly better ones and takes many times as long."""


class Repair:
    """A plan in the making: `choice` of each person and the parts in each slot."""

    def __init__(
        self,
        problem: Problem,
        choice: NDArray[np.int16],
        margin: NDArray[np.float32],
        prices: NDArray[np.float64],
    ) -> None:
        self.problem = problem
        self.choice = choice
        self.margin = margin
        self.prices = prices
        self.free = problem.room - loads(problem, choice)

    def unload(self) -> None:
        """Move persons out of slots that hold too much, least lost first."""
        while (self.free < 0).any():
            for slot in np.flatnonzero(self.free < 0):
                self._unload(int(slot))

    def fill(self, persons: Persons) -> None:
        """Give persons without a slot the best one that has room, worthiest first."""
        persons = persons[self.choice[persons] == NONE]
        while len(persons) and (self.free > 0).any():
            worth = self._open(persons, np.zeros_like(self.prices))
            target = worth.argmax(axis=1)
            gain = worth[np.arange(len(persons)), target]
            hope = gain >= 0
            persons, target, gain = persons[hope], target[hope], gain[hope]
            taken = self._accept(persons, target, -gain / self.problem.parts[persons])
            persons = persons[~taken]

    def improve(self, persons: Persons) -> None:
        """Move persons to where they are worth more, as long as there is room."""
        while len(persons) and (self.free > 0).any():
            here = self._worth(persons)
            worth = self._open(persons, np.zeros_like(self.prices))
            target = worth.argmax(axis=1)
            gain = worth[np.arange(len(persons)), target] - here
            better = gain > 1e-7 * np.abs(here)
            persons, target, gain = persons[better], target[better], gain[better]
            taken = self._accept(persons, target, -gain / self.problem.parts[persons])
            persons = persons[~taken]

    def _unload(self, slot: int) -> None:
        """Let those propose who lose least by leaving the slot."""
        inside = self._inside(slot)
        worth = self._open(inside, self.prices)
        worth[:, slot] = -np.inf
        target = worth.argmax(axis=1)
        other = worth[np.arange(len(inside)), target]
        target = np.where(other > 0, target, NONE)
        own = self.problem.values[inside, slot] - self.problem.parts[inside] * self.prices[slot]
        loss = (own - np.maximum(other, 0)) / self.problem.parts[inside]
        order = np.argsort(loss, kind="stable")
        before = np.cumsum(self.problem.parts[inside][order])
        leaving = order[: int(np.searchsorted(before, -self.free[slot])) + 1]
        self._accept(inside[leaving], target[leaving], loss[leaving])

    def _inside(self, slot: int) -> Persons:
        """Return persons in a slot, those whose choice was least clear."""
        inside = np.flatnonzero(self.choice == slot)
        asked = NEAR * int(-self.free[slot]) + AT_LEAST
        if len(inside) <= asked:
            return inside
        return inside[np.argpartition(self.margin[inside], asked)[:asked]]

    def _worth(self, persons: Persons) -> NDArray[np.float64]:
        """Return what each person's present choice is worth."""
        chosen = self.choice[persons]
        values = self.problem.values[persons, np.maximum(chosen, 0)].astype(np.float64)
        return np.where(chosen == NONE, 0.0, values)

    def _open(self, persons: Persons, prices: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the surplus of the slots that have room for each person; else -inf."""
        worth = surplus(self.problem, persons, prices)
        worth[self.problem.parts[persons][:, np.newaxis] > self.free] = -np.inf
        return worth

    def _accept(
        self, persons: Persons, target: NDArray[np.intp], loss: NDArray[np.float64]
    ) -> NDArray[np.bool_]:
        """Move those who fit, by least loss; return who was moved."""
        order = np.lexsort((loss, target))
        parts = self.problem.parts[persons][order].astype(np.int64)
        goal = target[order]
        total = np.cumsum(parts)
        first = np.searchsorted(goal, goal)
        within = total - (total[first] - parts[first])
        fits = np.where(goal == NONE, True, within <= self.free[goal])
        moved = np.zeros(len(persons), dtype=bool)
        moved[order[fits]] = True
        self._move(persons[moved], target[moved])
        return moved

    def _move(self, persons: Persons, target: NDArray[np.intp]) -> None:
        parts = self.problem.parts[persons]
        for slots, sign in ((self.choice[persons], 1), (target, -1)):
            counts = np.bincount(slots + 1, weights=parts, minlength=self.problem.slots + 1)
            self.free = self.free + sign * counts[1:].astype(np.int64)
        self.choice[persons] = target
