"""The plan of a campaign: one slot for each person, or none where nothing fits.

Small campaigns are solved exactly (`scoring.planner.exact`). Large ones by prices: found on a
sample, made exact on the persons whose choice they leave open, taken by everybody, repaired. How
far that can be from the best is always told, against a bound that holds for any plan.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scoring.errors import PlanError
from scoring.planner.exact import is_small, solve_exactly
from scoring.planner.exploration import Exploration, explore
from scoring.planner.priced import choose_by_prices
from scoring.planner.problem import Problem, different, problem
from scoring.planner.repair import Repair
from scoring.planner.survey import NONE, loads, survey


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Plan:
    """Who is written to in which slot; made by `plan`."""

    slot: NDArray[np.int16]
    """(n,): number of each person's slot; -1: none."""
    probability: NDArray[np.float64]
    """(n,): how likely just this slot was for this person, as drawn; 1 without exploration."""
    candidates: NDArray[np.int16]
    """(n,): slots that were legal for each person."""
    load: NDArray[np.int64]
    """(S,): parts in each slot."""
    room: NDArray[np.int64]
    """(S,): parts that might be in it, the reserve taken off."""
    prices: NDArray[np.float64]
    """(S,): what one more part in each slot would add to the value."""
    value: float
    """Worth of the plan before exploration."""
    explored_value: float
    """Worth of it after exploration."""
    bound: float
    """No plan without exploration is worth more."""
    exploration: Exploration | None
    """Whose slot was drawn, and how; None without exploration."""
    left: NDArray[np.intp]
    """Persons who get no slot, since not everybody fits."""
    never: NDArray[np.intp]
    """Persons for whom no slot is legal."""
    against: NDArray[np.intp]
    """Persons for whom a message is worth less than none in every legal slot."""
    enough: NDArray[np.int64]
    """(S,): a room of each slot with which everybody would fit for whom a slot is legal."""

    @property
    def share(self) -> float:
        """Share of the bound that the plan reaches before exploration; 1 where nothing is worth."""
        return self.value / self.bound if self.bound > 0 else 1.0

    def report(self) -> str:
        """Say in one sentence who is left out, why, and what would be enough."""
        said = []
        if len(self.left):
            slots = np.flatnonzero(self.enough > self.room)
            more = ", ".join(f"{self.enough[s] - self.room[s]:,} in slot {s}" for s in slots)
            said.append(f"{self._of(self.left)} get no slot; with more room ({more}) all would fit")
        if len(self.never):
            said.append(f"no slot is legal for {self._of(self.never)}")
        if len(self.against):
            said.append(f"a message is worth less than none to {self._of(self.against)}")
        return "; ".join(said) if said else f"all {len(self.slot):,} people have a slot"

    def _of(self, persons: NDArray[np.intp]) -> str:
        return f"{len(persons):,} of {len(self.slot):,} people"


def plan(
    values: ArrayLike,
    capacity: ArrayLike,
    *,
    parts: ArrayLike | None = None,
    allowed: ArrayLike | None = None,
    zone: ArrayLike | None = None,
    deadline: ArrayLike | None = None,
    reserve: ArrayLike = 0.0,
    explore_share: float = 0.0,
    strict: bool = False,
    exact: bool | None = None,
    random_state: int | np.random.Generator | None = None,
) -> Plan:
    """Plan who is written to in which slot.

    The sum of values is made as large as possible, so that no slot holds more parts than its
    capacity without the reserve, nobody has a slot that is not legal or too late, and each person
    has one slot at most. Where not everybody fits, those are left out who are worth least.

    Parameters
    ----------
    values : array of shape (n, S)
        Worth of a message to each person in each slot, against none, such as P(answer) times
        expected spend. float32 is taken as it is. A slot of negative worth is never used; one that
        is worth nothing is, where there is room.
    capacity : array of shape (S,)
        Parts that the lines can send in each slot.
    parts : array of shape (n,), optional
        SMS that the message to each person takes; 1 for everybody when left out.
    allowed : bool array of shape (S,), (n, S) or, with `zone`, (Z, S), optional
        Legal windows: for everybody, for each person, or for each zone.
    zone : int array of shape (n,), optional
        Row of `allowed` that is each person's.
    deadline : int or int array of shape (n,), optional
        Number of the first slot that is too late.
    reserve : float or array of shape (S,)
        Share of each slot's capacity that is left for transactional messages.
    explore_share : float
        Share of people, in [0, 1), whose slot is drawn after the plan stands, so that it can be
        learned what other slots are worth. Every limit is still kept, and `Plan.probability` is
        what has to be logged.
    strict : bool
        Raise where somebody gets no slot.
    exact : bool, optional
        Solve by HiGHS (True) or by prices (False); by the size when left out.
    random_state : int or Generator, optional
        For the exploration alone; the rest is the same each time.

    Returns
    -------
    Plan

    Raises
    ------
    ValueError
        An array has a wrong shape or holds what cannot be.
    PlanError
        `strict`, and somebody gets no slot.

    Examples
    --------
    Both would rather have the first slot, where one message fits:

    >>> from scoring.planner import plan
    >>> made = plan([[0.9, 0.8], [0.7, 0.1]], capacity=[1, 5])
    >>> made.slot
    array([1, 0], dtype=int16)
    >>> round(made.value, 3), round(made.share, 3)
    (1.5, 1.0)

    With one more person who must be written to in the first slot, the one worth least is left:

    >>> made = plan([[0.9, 0.8], [0.7, 0.1], [0.2, 0.6]], [1, 5], deadline=[2, 2, 1])
    >>> made.slot
    array([ 1,  0, -1], dtype=int16)
    >>> print(made.report())
    1 of 3 people get no slot; with more room (1 in slot 0) all would fit
    """
    asked = problem(
        values,
        capacity,
        parts=parts,
        allowed=allowed,
        zone=zone,
        deadline=deadline,
        reserve=reserve,
    )
    if not 0 <= explore_share < 1:
        raise ValueError(f"explore_share is {explore_share}; from 0 to below 1 would be right")
    choice, prices, bound = _choose(asked, is_small(asked) if exact is None else exact)
    drawn = explore(asked, choice, explore_share, random_state) if explore_share else None
    made = _told(asked, choice, prices, bound, drawn)
    if strict and (len(made.left) or len(made.never)):
        raise PlanError(made.report())
    return made


def _choose(asked: Problem, exact: bool) -> tuple[NDArray[np.int16], NDArray[np.float64], float]:
    if asked.n and not exact:
        return choose_by_prices(asked)
    choice, prices = solve_exactly(asked)
    seen = survey(asked, prices)
    repair = Repair(asked, choice, seen.margin, prices)
    repair.fill(np.flatnonzero(choice == NONE))
    return repair.choice, prices, seen.bound


def _told(
    asked: Problem,
    choice: NDArray[np.int16],
    prices: NDArray[np.float64],
    bound: float,
    drawn: Exploration | None,
) -> Plan:
    """Return the plan with all that is told of it."""
    final = choice if drawn is None else drawn.slot
    possible = asked.windows.sum(axis=1).astype(np.int16)[asked.window]
    left, never, against = _without(asked, final, possible)
    load = loads(asked, final)
    return Plan(
        slot=final,
        probability=np.ones(asked.n) if drawn is None else drawn.probability,
        candidates=possible,
        load=load,
        room=asked.room,
        prices=prices,
        value=_worth(asked, choice),
        explored_value=_worth(asked, final),
        bound=bound,
        exploration=drawn,
        left=left,
        never=never,
        against=against,
        enough=_enough(asked, left, load),
    )


def _without(
    asked: Problem, choice: NDArray[np.int16], possible: NDArray[np.int16]
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Return persons without a slot: for whom it is full, never legal, or worth less than none."""
    nobody = np.flatnonzero(choice == NONE)
    best = np.where(asked.legal(nobody), asked.values[nobody], -np.inf).max(axis=1)
    legal = possible[nobody] > 0
    return nobody[legal & (best >= 0)], nobody[~legal], nobody[legal & (best < 0)]


def _worth(asked: Problem, choice: NDArray[np.int16]) -> float:
    written = np.flatnonzero(choice != NONE)
    return float(asked.values[written, choice[written]].sum(dtype=np.float64))


def _enough(asked: Problem, left: NDArray[np.intp], load: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return a room that holds the plan and all who are left, spread over their own slots."""
    need = load.copy()
    usable, which = different(asked.legal(left) & (asked.values[left] >= 0))
    kinds = np.stack([which, asked.parts[left]])
    for kind, parts in np.unique(kinds, axis=1).T:
        alike = left[(kinds == [[kind], [parts]]).all(axis=0)]
        slots = np.flatnonzero(usable[kind])
        liked = slots[np.argsort(-asked.values[alike][:, slots].sum(axis=0), kind="stable")]
        turns = np.bincount(np.arange(len(alike)) % len(liked), minlength=len(liked))
        need[liked] += turns * parts
    return np.maximum(asked.room, need)
