"""What an arm brings over those who were left alone. Pure.

By intention to treat: a person counts in the arm that was drawn for them, whether the message
arrived or not, from the first decision about them on, and for a fixed time. Whoever is still within
that time does not count yet, in no arm, so that the arms are always compared at the same age.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from gateway.commerce.experiments.sequential import Comparison, Sample, compare
from gateway.commerce.report.attribution import Sale
from gateway.domain.ids import PersonId

WINDOW: Final = timedelta(days=7)
"""From the decision on, in which what a person buys is counted, unless somebody asks otherwise."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Assigned:
    """A person's first decision in an experiment."""

    person: PersonId
    arm: str
    at: datetime


@dataclass(kw_only=True, slots=True)
class Group:
    """Those of one arm whose time is over."""

    persons: int = 0
    buyers: int = 0
    revenue: Decimal = Decimal(0)
    squares: Decimal = Decimal(0)
    """Of each person's revenue."""

    def add(self, revenues: Sequence[Decimal]) -> None:
        """Count a person, and what they bought."""
        spent = sum(revenues, Decimal(0))
        self.persons += 1
        self.buyers += bool(revenues)
        self.revenue += spent
        self.squares += spent * spent

    @property
    def buying(self) -> Sample:
        """Each person as 1 for who bought."""
        return Sample(persons=self.persons, total=self.buyers, squares=self.buyers)

    @property
    def spending(self) -> Sample:
        """Each person as what they spent."""
        return Sample(persons=self.persons, total=float(self.revenue), squares=float(self.squares))


@dataclass(kw_only=True, slots=True)
class Groups:
    """The arms of an experiment."""

    arms: Mapping[str, Group] = field(default_factory=dict)
    open: int = 0
    """Persons whose time is not over."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Lift:
    """What an arm brings, a person, over another."""

    conversion: Comparison | None
    """None while there are too few to tell."""
    revenue: Comparison | None


def group(
    assigned: Iterable[Assigned],
    sales: Mapping[PersonId, Sequence[Sale]],
    *,
    window: timedelta,
    now: datetime,
) -> Groups:
    """Return what the persons of each arm bought in their time.

    Args:
        assigned: each person once.
        sales: of those who bought.
        window: the time of each, from the decision on.
        now: the current instant, UTC.
    """
    arms: dict[str, Group] = defaultdict(Group)
    waiting = 0
    for one in assigned:
        end = one.at + window
        if end > now:
            waiting += 1
            continue
        bought = (sale for sale in sales.get(one.person, ()) if one.at < sale.placed_at <= end)
        arms[one.arm].add([sale.revenue for sale in bought])
    return Groups(arms=dict(arms), open=waiting)


def lift(arm: Group, other: Group, alpha: float) -> Lift:
    """Return what an arm brings over another.

    Args:
        arm: the one.
        other: the other; those who were left alone, or another arm.
        alpha: how often either interval may be wrong; a share of the whole where there are several.
    """
    return Lift(
        conversion=compare(arm.buying, other.buying, alpha),
        revenue=compare(arm.spending, other.spending, alpha),
    )
