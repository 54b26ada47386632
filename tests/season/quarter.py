"""A season of the simulated shop, with all that a shop would have set up."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, TypeVar

from shop import Shop, Told, make_customers, make_goods
from sqlalchemy import Connection

from gateway.db.engine import reading_engine
from season.agenda import Agenda
from season.checks import Checks
from season.content import make_truth, write_shop
from season.house import House, furnish, opened
from season.record import Record
from season.season import Season

T = TypeVar("T")

START: Final = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
"""A Monday."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """How large a season is."""

    customers: int
    days: int
    pace: float
    """Visits a day of the middle customer."""
    seed: int = 1
    consenting: float = 0.5
    """Share of those who allow marketing."""
    flows: tuple[str, ...] | None = None
    """None: all that are shipped."""
    holdout: float | None = None
    """Of the abandoned carts; None: as it is shipped."""
    campaigns: bool = True
    window: timedelta = timedelta(days=7)
    """From a decision on, in which what is bought counts for its effect."""
    modems: int = 4
    rate: str = "4/min"
    """Of each line; so slow that a campaign takes a while."""
    grain: timedelta = timedelta(seconds=30)
    tick: timedelta = timedelta(minutes=5)


SMALL: Final = Plan(customers=400, days=21, pace=0.14, grain=timedelta(minutes=1))
CARTS: Final = Plan(
    customers=800,
    days=9,
    pace=0.6,
    consenting=1.0,
    flows=("abandoned-cart",),
    holdout=0.3,
    campaigns=False,
    window=timedelta(days=3),
    grain=timedelta(minutes=1),
)
"""Many carts that are left, and enough persons who are not reminded of theirs."""
QUARTER: Final = Plan(
    customers=20_000,
    days=90,
    pace=0.03,
    modems=8,
    rate="20/min",
    grain=timedelta(minutes=2),
    tick=timedelta(minutes=10),
)


@dataclass(frozen=True, kw_only=True)
class Played:
    """A season that is over."""

    plan: Plan
    path: Path
    """Of the database."""
    shop: Shop
    house: House
    record: Record
    checks: Checks
    agenda: Agenda
    heard: Counter[str]
    """What the shop did that the gateway could see."""
    wrong: list[Told]
    """The nonsense among it."""
    cpu: float
    """Seconds of this process."""

    def read(self, query: Callable[[Connection], T]) -> T:
        """Ask the season's database, as the gateway does."""
        engine = reading_engine(f"sqlite:///{self.path}")
        try:
            with engine.connect() as connection:
                return query(connection)
        finally:
            engine.dispose()

    def figures(self) -> dict[str, object]:
        """Return what there is to tell of it."""
        return {
            "customers": self.plan.customers,
            "days": self.plan.days,
            "cpu_seconds": round(self.cpu, 1),
            "heard": dict(self.heard),
            "orders": len(self.shop.trade.orders),
            "sms": len(self.house.network.sent),
            "parts": sum(sms.parts for sms in self.house.network.sent),
            "sms_of": dict(Counter(one.campaign or "answer" for one in self.checks.explained)),
            "decisions": {
                campaign: dict(Counter(made.outcome for made in decisions))
                for campaign, decisions in sorted(self.checks.decided.items())
            },
            "stops": len(self.shop.phones.stops),
            "rejected": dict(Counter(code for _, code in self.house.rejected.elements())),
        }


def make_shop(plan: Plan) -> Shop:
    """Return the shop of a plan."""
    return Shop(
        seed=plan.seed,
        start=START,
        days=plan.days,
        customers=make_customers(
            plan.seed, plan.customers, pace=plan.pace, consenting=plan.consenting
        ),
        goods=make_goods(plan.seed),
        truth=make_truth(),
    )


async def play(folder: Path, plan: Plan) -> Played:
    """Let a season pass; inside a loop whose time jumps."""
    began = time.process_time()
    furnish(folder, modems=plan.modems, rate=plan.rate)
    write_shop(folder / "shop", plan.flows, plan.holdout)
    shop = make_shop(plan)
    async with opened(folder, START) as house:
        season = Season(house, shop, grain=plan.grain, tick=plan.tick)
        agenda = Agenda(house, shop, START)
        if plan.campaigns:
            season.between, season.lively = agenda.do, agenda.lively
        await season.run(shop.ends)
        await season.settle()
    record = Record(folder / "shopbell.db")
    return Played(
        plan=plan,
        path=folder / "shopbell.db",
        shop=shop,
        house=house,
        record=record,
        checks=Checks(record, house.network.sent, shop),
        agenda=agenda,
        heard=season.heard,
        wrong=season.wrong,
        cpu=time.process_time() - began,
    )
