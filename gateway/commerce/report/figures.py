"""The figures of a report, and the rates that follow from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from gateway.commerce.report.lift import Group, Lift
from gateway.domain.ids import Campaign, StoreName
from gateway.domain.states import JobState


@dataclass(kw_only=True, slots=True)
class ArmFigures:
    """What became of one arm's messages, and what is put down to them."""

    persons: int = 0
    """For whom the arm was drawn; the arm of those who were in no experiment has no name."""
    messages: int = 0
    """That went into the queue."""
    skipped: Counter[str] = field(default_factory=Counter)
    """Persons who got nothing for all that, by reason."""
    states: Counter[JobState] = field(default_factory=Counter)
    """Of the messages, now."""
    parts: int = 0
    """Submitted to a network, repeats among them."""
    in_doubt: int = 0
    """Of them, those whose outcome was lost."""
    cost: Decimal = Decimal(0)
    """Of the parts, by the tariff of the line that each went out on; in the gateway's currency."""
    clicked: int = 0
    """Messages whose own link a person followed."""
    opt_outs: int = 0
    """Persons who said no, and whose last message was of this arm."""
    orders: int = 0
    """Put down to the messages."""
    buyers: int = 0
    """Persons who placed them."""
    revenue: Decimal = Decimal(0)
    """Of them."""

    @property
    def delivered(self) -> int:
        """Messages that a phone took."""
        return self.states[JobState.DELIVERED]

    @property
    def conversion_rate(self) -> float | None:
        """Buyers a message."""
        return _share(self.buyers, self.messages)

    @property
    def click_rate(self) -> float | None:
        """Messages whose own link was followed, of all."""
        return _share(self.clicked, self.messages)

    @property
    def opt_out_rate(self) -> float | None:
        """Persons who said no, a message."""
        return _share(self.opt_outs, self.messages)

    @property
    def revenue_each(self) -> Decimal | None:
        """Revenue a message."""
        return self.revenue / self.messages if self.messages else None

    @property
    def roi(self) -> float | None:
        """What each unit of cost brought beyond itself; None where nothing was paid."""
        return None if not self.cost else float((self.revenue - self.cost) / self.cost)


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """What one arm brings over another."""

    arm: str
    over: str
    lift: Lift
    group: Group
    other: Group

    @property
    def gained(self) -> tuple[float, float, float] | None:
        """What the arm's persons spent more than they would have, in all, and its interval."""
        each = self.lift.revenue
        if each is None:
            return None
        persons = self.group.persons
        return (persons * each.difference, persons * each.low, persons * each.high)


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What a flow or a campaign was worth."""

    store: StoreName
    campaign: Campaign
    since: datetime
    until: datetime
    """Decisions within these are counted; UTC."""
    made_at: datetime
    currency: str | None
    """Of the revenue; ISO 4217. None: nobody said, and no order tells."""
    cost_currency: str | None
    arms: Mapping[str, ArmFigures]
    """By name; the holdout among them, and whoever was in no experiment under the empty name."""
    shared_clicks: int
    """On links that all share; whose they are is not known."""
    machine_clicks: int
    other_currency: int
    """Orders that were left out for their currency."""
    window: timedelta
    """Of the lift."""
    open: int
    """Persons who do not count in the lift yet."""
    effects: Sequence[Effect]
    alpha: float
    """Of each effect's interval."""
    winner: str | None
    """The arm that is better than every other, as far as the test allows to say so."""

    @property
    def total(self) -> ArmFigures:
        """All arms together."""
        total = ArmFigures()
        for arm in self.arms.values():
            total.persons += arm.persons
            total.messages += arm.messages
            total.skipped += arm.skipped
            total.states += arm.states
            total.parts += arm.parts
            total.in_doubt += arm.in_doubt
            total.cost += arm.cost
            total.clicked += arm.clicked
            total.opt_outs += arm.opt_outs
            total.orders += arm.orders
            total.buyers += arm.buyers
            total.revenue += arm.revenue
        return total


def _share(some: int, of: int) -> float | None:
    return some / of if of else None
