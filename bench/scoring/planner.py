"""The planner beside HiGHS and a global greedy: seconds, share of the dual bound, memory.

``python -m bench.scoring planner [--people 10000 100000 1000000] [--highs 100000]``

14 slots, capacity 1.15 n / S, worths that are a person's level times her own curve. Each case runs
in a process of its own, so that its peak memory is its own; what numpy and the worths themselves
take is told beside it, and so are the seconds of the processor, which a busy machine leaves as they
are.
"""

from __future__ import annotations

import argparse
import resource
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from time import perf_counter, process_time
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.planner import plan, problem
from scoring.planner.exact import solve_exactly
from scoring.planner.survey import NONE

SLOTS = 14
SEED = 20240501
MEASURED = """measured by SCORING.md 6, without windows, deadline, reserve and exploration:
prices from a sample 1,000,000: 1.25 s, 99.998 %; HiGHS 100,000: 13.7 s; greedy 100,000: 0.43 s,
99.3 %"""

Result = dict[str, Any]


def main(arguments: list[str]) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.scoring planner", description=__doc__)
    parser.add_argument("--people", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--highs", type=int, default=100_000, help="people for HiGHS at most")
    options = parser.parse_args(arguments)
    rows = [
        _apart(case, people)
        for people in options.people
        for case in CASES
        if case != "HiGHS" or people <= options.highs
    ]
    print(pd.DataFrame(rows).to_string(index=False))
    print(MEASURED)


def worths(people: int) -> NDArray[np.float32]:
    """Return what a message is worth to each person in each slot."""
    random = np.random.default_rng(SEED)
    worth = random.standard_normal((people, SLOTS), dtype=np.float32)
    worth *= 0.5
    worth += (0.3 * np.sin(np.arange(SLOTS))).astype(np.float32)
    np.exp(worth, out=worth)
    worth *= random.beta(2, 20, (people, 1)).astype(np.float32)
    return worth


def limits(people: int) -> dict[str, Any]:
    """Return five zones with their windows, an early deadline for a fifth, and a reserve."""
    random = np.random.default_rng(SEED + 1)
    zones = np.ones((5, SLOTS), dtype=bool)
    for zone in range(5):
        zones[zone, :zone] = False
    return {
        "allowed": zones,
        "zone": random.integers(0, 5, people),
        "deadline": np.where(random.random(people) < 0.2, SLOTS - 2, SLOTS),
        "reserve": 0.1,
    }


def _bare(people: int) -> Callable[[], Result]:
    worth, capacity = worths(people), np.full(SLOTS, int(1.15 * people / SLOTS))
    return lambda: _told(plan(worth, capacity, exact=False))


def _limited(people: int) -> Callable[[], Result]:
    worth, extra = worths(people), limits(people)
    capacity = np.full(SLOTS, int(1.15 * people / SLOTS / 0.9))
    return lambda: _told(
        plan(worth, capacity, **extra, exact=False, explore_share=0.1, random_state=SEED)
    )


def _parts(people: int) -> Callable[[], Result]:
    worth, extra = worths(people), limits(people)
    extra["parts"] = np.random.default_rng(SEED + 2).choice([1, 1, 2, 3], people)
    capacity = np.full(SLOTS, int(1.15 * extra["parts"].sum() / SLOTS / 0.9))
    return lambda: _told(
        plan(worth, capacity, **extra, exact=False, explore_share=0.1, random_state=SEED)
    )


def _equals(people: int) -> Callable[[], Result]:
    worth, extra = np.tile(worths(1), (people, 1)), limits(people)
    capacity = np.full(SLOTS, int(1.15 * people / SLOTS / 0.9))
    return lambda: _told(
        plan(worth, capacity, **extra, exact=False, explore_share=0.1, random_state=SEED)
    )


def _highs(people: int) -> Callable[[], Result]:
    asked = problem(worths(people), np.full(SLOTS, int(1.15 * people / SLOTS)))
    bound = plan(asked.values, asked.room, exact=False).bound

    def run() -> Result:
        choice, _ = solve_exactly(asked)
        return _share(asked.values, choice, bound)

    return run


def _greedy(people: int) -> Callable[[], Result]:
    worth, capacity = worths(people), np.full(SLOTS, int(1.15 * people / SLOTS))
    bound = plan(worth, capacity, exact=False).bound
    return lambda: _share(worth, greedy(worth, capacity), bound)


def greedy(worth: NDArray[np.float32], capacity: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return slots by taking the best pairs of all first, each where there is room."""
    choice, free = np.full(len(worth), NONE), capacity.tolist()
    order = np.argsort(-worth, axis=None)
    persons, slots = (array.tolist() for array in np.divmod(order, SLOTS))
    for person, slot in zip(persons, slots, strict=True):
        if choice[person] == NONE and free[slot]:
            choice[person] = slot
            free[slot] -= 1
    return choice


CASES: dict[str, Callable[[int], Callable[[], Result]]] = {
    "prices": _bare,
    "prices, windows, deadline, reserve, exploration": _limited,
    "the same, 1 to 3 parts": _parts,
    "the same, one curve for all": _equals,
    "global greedy": _greedy,
    "HiGHS": _highs,
}


def _told(made: Any) -> Result:
    return {
        "share %": 100 * made.share,
        "explored %": 100 * made.explored_value / made.bound,
        "left": len(made.left),
    }


def _share(worth: NDArray[np.float32], choice: NDArray[Any], bound: float) -> Result:
    written = np.flatnonzero(choice != NONE)
    value = float(worth[written, choice[written]].sum(dtype=np.float64))
    return {"share %": 100 * value / bound, "left": len(worth) - len(written)}


def _apart(case: str, people: int) -> Result:
    """Run a case in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(_timed, case, people).result()


def _timed(case: str, people: int) -> Result:
    run = CASES[case](people)
    before = _peak()
    start, worked = perf_counter(), process_time()
    told = run()
    seconds, worked = perf_counter() - start, process_time() - worked
    return {
        "people": people,
        "case": case,
        "s": round(seconds, 2),
        "CPU s": round(worked, 2),
        **told,
        "peak MB": _peak(),
        "before MB": before,
    }


def _peak() -> int:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3)
