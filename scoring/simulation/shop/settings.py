"""What a simulated shop is like, parameter by parameter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

SLOTS: Final = tuple(range(8, 22))
"""Hours on the wall clock at which a campaign may write."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Campaign:
    """A campaign, and what it truly does.

    Attributes
    ----------
    name : str
        Its id in the lake.
    lift : float
        P(an order that would not have been), for a person whom it can move.
    click : float
        P(click) of a person of middling interest at an hour of middling worth.
    parts : int
        SMS of its text.
    """

    name: str
    lift: float
    click: float = 0.08
    parts: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A SIM of the shop.

    Attributes
    ----------
    name : str
        Its id in the lake.
    operator : str
        Its network.
    lost : float
        Share of its parts that do not arrive while it is well.
    sick : bool
        Whether it goes bad in the last `DemoShop.sick_days`.
    """

    name: str
    operator: str
    lost: float = 0.02
    sick: bool = False


CAMPAIGNS: Final = (
    Campaign(name="flash-sale", lift=0.20, click=0.11),
    Campaign(name="news", lift=0.0, click=0.07, parts=2),
    Campaign(name="new-arrivals", lift=0.10, click=0.09),
    Campaign(name="survey", lift=0.0, click=0.04, parts=2),
)
"""They take turns; flash sales and new arrivals bring orders, news and surveys none."""

LINES: Final = (
    Line(name="sim-a", operator="Nordtel"),
    Line(name="sim-b", operator="Nordtel"),
    Line(name="sim-c", operator="Westcell", lost=0.05),
    Line(name="sim-d", operator="Westcell", lost=0.05, sick=True),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class DemoShop:
    """A shop of which everything is known; the same one twice is the same to the last bit.

    Attributes
    ----------
    customers : int
        Everybody who bought at least once.
    days : int
        History, ending with `until`; the default is 18 months.
    until : date
        The last day.
    seed : int
    store, currency, country, timezone : str
        As in the tables of the lake.
    growth : float
        1: as many new customers each day; above it more of them long ago, below it lately.
    orders_a_year : float
        Of a mean customer while she stays.
    spread : float
        Shape of the gamma distribution of that pace; the smaller, the more unlike people are.
    leave : float
        Mean chance that a purchase is a customer's last (Beta(0.8, b) over people).
    season : float
        How far the year's best day lies above its mean one, as a share; the worst as far below.
    peak : tuple of (int, int)
        Month and day of the best one.
    weekend : float
        Sales of a Saturday or Sunday over those of another day.
    evening, lunch, morning : float
        Shares of people who are receptive around 20:00, 12:30 and 07:30; the others at any hour.
    width : float
        Standard deviation of these hours.
    own : float
        Share of a receptive person's purchases that keeps to her hours; the rest follows the shop.
    returned : float
        Share of the orders that come back.
    consented : float
        Share of customers who may be written to.
    campaigns : tuple of Campaign
    every : int
        Days from one campaign to the next.
    reached : float
        Share of those who may be written to whom one campaign takes, drawn at random.
    holdout : float
        Share of them who are drawn to get nothing.
    moved : tuple of (int, int)
        Days since the last purchase between which a campaign moves a person: who bought lately
        buys anyway, and who is gone stays so.
    explored : float
        Share of messages whose hour is drawn evenly from `SLOTS`; the others go out at `usual`.
    usual : int
        The hour of the others.
    opt_out : float
        P(STOP) after a marketing message.
    lines : tuple of Line
        The person's pseudonym decides which; it stays the same.
    busy : tuple of (int, int)
        Hours in which the network loses more.
    busy_lost : float
        How much more, as a share.
    sick_days : int
        Days before the end in which a sick line gets worse, from well to `sick_lost`.
    sick_lost : float
        Share that a sick line loses at the end.
    phone_off : float
        Share of phones that are off for hours when a message comes; thrice as many at night.
    price_of_part : float
        What one SMS costs.
    categories, products : int
        Products are spread evenly over categories, few of them sell most.
    pairs : int
        Categories 0 and 1, 2 and 3 ... belong together: who likes one likes the other.
    again : float
        Share of purchases in categories 0 to 3 that are the person's usual product there.
    horizon : int
        Days ahead of the true chances of churn.
    """

    customers: int = 20_000
    days: int = 548
    until: date = date(2026, 6, 30)
    seed: int = 0
    store: str = "demo"
    currency: str = "EUR"
    country: str = "DE"
    timezone: str = "Europe/Berlin"
    growth: float = 1.6
    orders_a_year: float = 7.0
    spread: float = 1.1
    leave: float = 0.12
    season: float = 0.35
    peak: tuple[int, int] = (11, 28)
    weekend: float = 0.8
    evening: float = 0.40
    lunch: float = 0.20
    morning: float = 0.15
    width: float = 1.6
    own: float = 0.8
    returned: float = 0.04
    consented: float = 0.75
    campaigns: tuple[Campaign, ...] = CAMPAIGNS
    every: int = 30
    reached: float = 0.7
    holdout: float = 0.25
    moved: tuple[int, int] = (30, 120)
    explored: float = 0.4
    usual: int = 10
    opt_out: float = 0.004
    lines: tuple[Line, ...] = LINES
    busy: tuple[int, int] = (18, 20)
    busy_lost: float = 0.04
    sick_days: int = 60
    sick_lost: float = 0.45
    phone_off: float = 0.06
    price_of_part: float = 0.055
    categories: int = 12
    products: int = 240
    pairs: int = 4
    again: float = 0.6
    horizon: int = 90

    def __post_init__(self) -> None:
        """Refuse what no shop can be."""
        if self.customers < 1 or self.days < 2 * self.every:
            raise ValueError(
                f"customers={self.customers}, days={self.days}: at least one customer and "
                f"{2 * self.every} days are right"
            )
