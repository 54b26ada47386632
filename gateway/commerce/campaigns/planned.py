"""The best hour for all together: no hour holds more than the lines can send in it.

It needs the planner of `scoring`, which comes with an extra; without it each person has their own
best hour, and the lines take the overflow later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from gateway.commerce.campaigns.hours import Opens

MOST: Final = 200_000
"""Persons that are planned for together: their values take some 130 MB for a week."""

RESERVE: Final = 0.1
"""Share of each hour that is left for what cannot wait."""


class NoPlanError(Exception):
    """There is no plan; the text says why, for the operator."""


@dataclass(kw_only=True, slots=True)
class Wishes:
    """What is known of all persons before they are planned for."""

    slots: Sequence[datetime]
    values: list[Sequence[float]] = field(default_factory=list)
    """Of each person, how likely they answer in each slot."""
    windows: list[int] = field(default_factory=list)
    """Of each person, the number of their hours in ``opens``."""
    opens: dict[Opens | None, int] = field(default_factory=dict)
    """Different hours, each with its number."""

    def add(self, worth: Sequence[float], opens: Opens | None) -> None:
        """Add a person."""
        self.values.append(worth)
        self.windows.append(self.opens.setdefault(opens, len(self.opens)))


def plan(wishes: Wishes, per_hour: float) -> list[datetime]:
    """Return when each person's message goes.

    Args:
        wishes: of all persons, in order.
        per_hour: messages that the lines can send in an hour.

    Returns:
        Who finds no room has the last slot: they go where a line is free, or are too late.

    Raises:
        NoPlanError: the planner is not installed, or there are too many persons.
    """
    if len(wishes.values) > MOST:
        raise NoPlanError(f"more than {MOST:,} persons are not planned for together")
    try:
        import numpy as np

        from scoring.planner import plan as plan_slots
    except ImportError:
        raise NoPlanError("the planner is not installed; it comes with shopbell[scoring]") from None
    slots = wishes.slots
    legal = [[_is_open(opens, slot) for slot in slots] for opens in wishes.opens]
    found = plan_slots(
        np.asarray(wishes.values, dtype=np.float32),
        np.full(len(slots), per_hour),
        allowed=np.asarray(legal, dtype=bool),
        zone=np.asarray(wishes.windows),
        reserve=RESERVE,
    )
    return [slots[int(slot)] for slot in found.slot]


def _is_open(opens: Opens | None, slot: datetime) -> bool:
    return opens is None or opens.opening(slot) == slot
