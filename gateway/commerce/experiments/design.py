"""What an experiment compares: its arms, their shares, and who is left alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

HOLDOUT: Final = "holdout"
"""The arm of those who get nothing, against whom all others are measured."""

DEFAULT_HOLDOUT: Final = 0.10
"""Of marketing: what an honest figure costs."""

MOST_ARMS: Final = 20


class DesignError(ValueError):
    """The arms cannot be as they are; the text says which and what would be right."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Arm:
    """One way to do it. Arms may differ in text, offer, time or targeting."""

    name: str
    weight: float = 1.0
    """Against the other arms', of those who are not held out."""
    template: str | None = None
    """None: the one of the flow or campaign."""
    coupon: str | None = None
    """The pool that its code is from."""
    delay: timedelta = timedelta()
    """How much later than the others."""
    hour: int | None = None
    """The hour of the person's day at which it goes, 0 to 23; None: at once."""
    where: str | None = None
    """Who may be given it, as a segment's expression; None: everybody."""


ONLY: Final = Arm(name="message")
"""The arm of what compares nothing but the message with its absence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Design:
    """Arms and a holdout.

    Raises:
        DesignError: the arms cannot be.
    """

    arms: tuple[Arm, ...] = (ONLY,)
    holdout: float = DEFAULT_HOLDOUT
    """Share of those who get nothing, from 0 to below 1."""

    def __post_init__(self) -> None:
        names = [arm.name for arm in self.arms]
        if not 1 <= len(names) <= MOST_ARMS:
            raise DesignError(f"has {len(names)} arms; right: 1 to {MOST_ARMS}")
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise DesignError(f"has the arm {twice[0]!r} twice; each needs a name of its own")
        if HOLDOUT in names:
            raise DesignError(f"has an arm {HOLDOUT!r}; that is the name of those left alone")
        if not all(0 < arm.weight < float("inf") for arm in self.arms):
            raise DesignError("has an arm with a weight that is not above 0")
        if not 0 <= self.holdout < 1:
            raise DesignError(f"has a holdout of {self.holdout}; right: from 0 to below 1")

    def shares(self, eligible: Iterable[str]) -> dict[str, float]:
        """Return the probability of each arm for somebody who may be given these.

        Args:
            eligible: names of arms; without any there is nothing to draw.
        """
        arms = [arm for arm in self.arms if arm.name in set(eligible)]
        if not arms:
            return {}
        total = sum(arm.weight for arm in arms)
        rest = 1 - self.holdout
        held = {HOLDOUT: self.holdout} if self.holdout else {}
        return held | {arm.name: rest * arm.weight / total for arm in arms}

    def arm(self, name: str) -> Arm:
        """Return an arm by its name.

        Raises:
            KeyError: there is none.
        """
        return {arm.name: arm for arm in self.arms}[name]
