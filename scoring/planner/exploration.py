"""Slots drawn at random after a plan stands, so that it can be learned what other slots are worth.

What is drawn before the plan is made has no known probability in the end, since the plan moves it.
So the draw comes last, and is of a kind that keeps every limit by counting:

1. People of one legal window and one number of parts form a *group*. Of those whom the plan has put
   into one slot, a fixed number is *drawn*, everybody with the same chance.
2. How many of the drawn of a group go into each slot is counted out before: as evenly as the
   legal slots, the room that the drawn leave behind and the room that was never used allow.
3. The drawn of a group are dealt over these places, every order being as likely.

So the chance of each slot for each person is known exactly (`Design.chances`), and each slot
holds what was counted, whoever is drawn. People whose legal window hardly anyone shares join a
group with a narrower one; where there is none they keep their slot, with a chance of 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.planner.deal import deal
from scoring.planner.problem import Problem
from scoring.planner.survey import NONE, loads

Persons = NDArray[np.intp]
Counts = NDArray[np.int64]

MOST_WINDOWS = 2_000
"""Different windows up to which narrower ones are looked for; each is compared with each."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Design:
    """How slots are drawn: everything but the draw itself; made by `design`."""

    planned: NDArray[np.int16]
    """(n,): the slot that the plan gave; -1: none."""
    group: Persons
    """(n,): the group of each person."""
    people: Counts
    """(G, S): people of each group whom the plan put into each slot."""
    drawn: Counts
    """(G, S): how many of them are drawn."""
    places: Counts
    """(G, S): how many drawn of each group go into each slot."""

    def chances(self, persons: Persons) -> NDArray[np.float64]:
        """Return the chance of each slot, (k, S); 0 everywhere for those without a slot."""
        planned, group = self.planned[persons], self.group[persons]
        written = planned != NONE
        drawn = np.where(written, self._drawn(group, planned), 0)[:, np.newaxis]
        chances = drawn * self._dealt()[group]
        chances[written, planned[written]] += 1 - drawn[written, 0]
        return chances

    def chance(self, slot: NDArray[np.int16]) -> NDArray[np.float64]:
        """Return how likely the given slot of each person is, (n,); 1 for those without a slot."""
        chance = np.ones(len(slot))
        written = np.flatnonzero(self.planned != NONE)
        group, planned, slot = self.group[written], self.planned[written], slot[written]
        drawn = self._drawn(group, planned)
        chance[written] = (1 - drawn) * (slot == planned) + drawn * self._dealt()[group, slot]
        return chance

    def draw(self, random_state: int | np.random.Generator | None = None) -> Exploration:
        """Draw once."""
        rng = np.random.default_rng(random_state)
        slots = self.places.shape[1]
        shuffled = rng.permutation(np.flatnonzero(self.planned != NONE))
        cells = _small(self.group[shuffled] * slots + self.planned[shuffled], self.places.size)
        order = np.argsort(cells, kind="stable")
        cells = cells[order]
        rank = np.arange(len(cells)) - np.searchsorted(cells, cells)
        drawn = rng.permutation(shuffled[order[rank < self.drawn.ravel()[cells]]])
        drawn = drawn[np.argsort(_small(self.group[drawn], len(self.places)), kind="stable")]
        slot = self.planned.copy()
        slot[drawn] = np.repeat(np.tile(np.arange(slots), len(self.places)), self.places.ravel())
        return Exploration(
            slot=slot, probability=self.chance(slot), drawn=np.sort(drawn), design=self
        )

    def _drawn(self, group: Persons, planned: NDArray[np.int16]) -> NDArray[np.float64]:
        return (self.drawn / np.maximum(self.people, 1))[group, planned]

    def _dealt(self) -> NDArray[np.float64]:
        return self.places / np.maximum(self.places.sum(axis=1, keepdims=True), 1)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Exploration:
    """Who has which slot after the draw, and how likely that was; made by `explore`."""

    slot: NDArray[np.int16]
    """(n,): the slot of each person, drawn or planned; -1: none."""
    probability: NDArray[np.float64]
    """(n,): how likely it was for this person."""
    drawn: Persons
    """Whose slot was drawn (it may be the planned one all the same)."""
    design: Design
    """How it was drawn."""


def explore(
    problem: Problem,
    planned: NDArray[np.int16],
    share: float,
    random_state: int | np.random.Generator | None = None,
) -> Exploration:
    """Draw the slots of a share of the people anew, within every limit.

    Parameters
    ----------
    problem : Problem
        What was planned.
    planned : int16 array of shape (n,)
        The plan: a slot of each person, -1 for none. It keeps every limit.
    share : float
        Share of people that are drawn, about.
    random_state : int or Generator, optional
        Of the draw.

    Returns
    -------
    Exploration

    Examples
    --------
    >>> import numpy as np
    >>> from scoring.planner import explore, problem
    >>> asked = problem(np.ones((100, 2)), [60, 60])
    >>> planned = np.repeat(np.array([0, 1], dtype=np.int16), 50)
    >>> made = explore(asked, planned, 0.2, random_state=1)
    >>> len(made.drawn), made.design.chances(np.array([0]))
    (20, array([[0.9, 0.1]]))
    """
    return design(problem, planned, share).draw(random_state)


def design(problem: Problem, planned: NDArray[np.int16], share: float) -> Design:
    """Count out how many are drawn and where they go; see `explore`."""
    group, weights, legal = _groups(problem, planned, share)
    people = _counts(group, planned, legal.shape)
    # Rounded, not drawn: a number that varied would have to find room in the worst case.
    drawn = np.rint(share * people).astype(np.int64)
    places = _places(problem, planned, drawn, weights, legal)
    return Design(planned=planned, group=group, people=people, drawn=drawn, places=places)


def _groups(
    problem: Problem, planned: NDArray[np.int16], share: float
) -> tuple[Persons, NDArray[np.int64], NDArray[np.bool_]]:
    """Return the group of each person, and parts and legal slots of each group."""
    kinds, kind = np.unique(problem.parts, return_inverse=True)
    windows = len(problem.windows)
    weights = np.repeat(kinds.astype(np.int64), windows)
    legal = np.tile(problem.windows, (len(kinds), 1)) & (weights[:, np.newaxis] <= problem.room)
    group = kind * windows + problem.window
    return _joined(group, planned, weights, legal, share), weights, legal


def _joined(
    group: Persons,
    planned: NDArray[np.int16],
    weights: NDArray[np.int64],
    legal: NDArray[np.bool_],
    share: float,
) -> Persons:
    """Let people of small groups join a large one with as many parts and a narrower window."""
    written = np.bincount(group[planned != NONE], minlength=len(weights))
    small = (written > 0) & (share * written < legal.sum(axis=1))
    large = np.flatnonzero(share * written >= legal.sum(axis=1))
    if len(weights) > MOST_WINDOWS or not small.any():
        return group
    group = group.copy()
    for one in np.flatnonzero(small):
        within = (weights[large] == weights[one]) & ~(legal[large] & ~legal[one]).any(axis=1)
        for other in sorted(large[within], key=lambda g: legal[g].sum()):
            mine = np.flatnonzero((group == one) & (planned != NONE))
            group[mine[legal[other, planned[mine]]]] = other
    return group


def _counts(
    group: Persons, planned: NDArray[np.int16], shape: tuple[int, ...]
) -> NDArray[np.int64]:
    """Return how many people of each group the plan puts into each slot, (G, S)."""
    written = planned != NONE
    cells = group[written] * shape[1] + planned[written]
    return np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)


def _places(
    problem: Problem,
    planned: NDArray[np.int16],
    drawn: NDArray[np.int64],
    weights: NDArray[np.int64],
    legal: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """Return how many drawn of each group go into each slot, (G, S), so that all slots hold."""
    places = np.zeros_like(drawn)
    free = problem.room - loads(problem, planned)
    for parts in np.unique(weights)[::-1]:
        mine = np.flatnonzero((weights == parts) & (drawn.sum(axis=1) > 0))
        left_behind = drawn[mine].sum(axis=0)
        places[mine] = deal(drawn[mine], legal[mine], left_behind + free // parts)
        free -= parts * (places[mine].sum(axis=0) - left_behind)
    return places


def _small(numbers: Persons, below: int) -> NDArray:
    """Return numbers in few octets where they fit, since those are sorted in one pass each."""
    return numbers.astype(np.uint16) if below <= 1 << 16 else numbers
