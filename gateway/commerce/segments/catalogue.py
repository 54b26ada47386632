"""The view of people: every column and function that a segment may use, and how it is said.

The one list of them: reading, asking, speaking and the documentation go by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gateway.commerce.segments.terms import Kind
from gateway.domain.consent import ALL, PURPOSES


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnEntry:
    """A column that has a value."""

    name: str
    kind: Kind
    about: str
    """For the documentation."""
    noun: str
    """As in ``whose … is``."""
    says: str
    """As in ``people who …``; ``{}`` is how much, when or what."""
    denies: str | None = None
    """The same of a text that is another."""
    known: str | None = None
    unknown: str | None = None
    """What it means when it is unknown; None: it never is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FlagEntry:
    """A column that is true or false."""

    name: str
    about: str
    says: str
    denies: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FunctionEntry:
    """A function that is true or false."""

    name: str
    argument: str
    """What it is given, for the documentation."""
    about: str
    says: str
    denies: str
    days: bool = False
    """Whether it may be given the last days as well."""
    number: bool = False
    """Whether its argument is a number of days, and no text."""
    words: tuple[str, ...] = ()
    """The only ones that its argument may be; empty: any."""

    @property
    def written(self) -> str:
        """How it is written, such as ``bought(category[, days])``."""
        return f"{self.name}({self.argument}{'[, days]' if self.days else ''})"


@dataclass(frozen=True, kw_only=True, slots=True)
class CountEntry:
    """A function that counts what happened in the last days."""

    name: str
    about: str
    noun: str
    says: str


_COLUMNS: Final = (
    ColumnEntry(
        name="spend",
        kind=Kind.MONEY,
        about="what the person paid for all orders, with shipping and tax, less what was given"
        " back; 0 without orders",
        noun="spend",
        says="spent {}",
    ),
    ColumnEntry(
        name="orders",
        kind=Kind.COUNT,
        about="how many orders; cancelled and failed ones do not count, here and everywhere",
        noun="number of orders",
        says="ordered {} times",
    ),
    ColumnEntry(
        name="average_order",
        kind=Kind.MONEY,
        about="`spend` by `orders`",
        noun="average order",
        says="spend {} an order on average",
        known="ordered at least once",
        unknown="never ordered",
    ),
    ColumnEntry(
        name="refunded",
        kind=Kind.MONEY,
        about="what was given back of all orders; 0 without",
        noun="refunds",
        says="got {} back",
    ),
    ColumnEntry(
        name="first_order_at",
        kind=Kind.INSTANT,
        about="when the first order was placed",
        noun="first order",
        says="first ordered {}",
        known="ordered at least once",
        unknown="never ordered",
    ),
    ColumnEntry(
        name="last_order_at",
        kind=Kind.INSTANT,
        about="when the last order was placed",
        noun="last order",
        says="last ordered {}",
        known="ordered at least once",
        unknown="never ordered",
    ),
    ColumnEntry(
        name="days_since_order",
        kind=Kind.COUNT,
        about="whole days since the last order",
        noun="days since the last order",
        says="last ordered {} days ago",
        known="ordered at least once",
        unknown="never ordered",
    ),
    ColumnEntry(
        name="cart_value",
        kind=Kind.MONEY,
        about="what lies in the person's open carts; 0 without one",
        noun="cart's value",
        says="have {} in the cart",
    ),
    ColumnEntry(
        name="cart_active_at",
        kind=Kind.INSTANT,
        about="when the person last did something with an open cart",
        noun="last activity in the cart",
        says="last used an open cart {}",
        known="have an open cart",
        unknown="have no open cart",
    ),
    ColumnEntry(
        name="joined_at",
        kind=Kind.INSTANT,
        about="since when the store knows the person",
        noun="first day",
        says="joined {}",
        known="are known to have joined at some time",
        unknown="are not known to have joined at any time",
    ),
    ColumnEntry(
        name="country",
        kind=Kind.TEXT,
        about="ISO 3166, such as `GB`",
        noun="country",
        says="live in {}",
        denies="do not live in {}",
        known="live in a country that is known",
        unknown="live in a country that is not known",
    ),
    ColumnEntry(
        name="postal_code",
        kind=Kind.TEXT,
        about="as the store tells it",
        noun="postal code",
        says="have the postal code {}",
        denies="do not have the postal code {}",
        known="have a postal code that is known",
        unknown="have a postal code that is not known",
    ),
    ColumnEntry(
        name="timezone",
        kind=Kind.TEXT,
        about="IANA, such as `Europe/Berlin`",
        noun="time zone",
        says="live in the time zone {}",
        denies="do not live in the time zone {}",
        known="live in a time zone that is known",
        unknown="live in a time zone that is not known",
    ),
    ColumnEntry(
        name="language",
        kind=Kind.TEXT,
        about="BCP 47, such as `en-GB`; `language like 'en%'` takes all of a language",
        noun="language",
        says="read {}",
        denies="do not read {}",
        known="read a language that is known",
        unknown="read a language that is not known",
    ),
    ColumnEntry(
        name="first_name",
        kind=Kind.TEXT,
        about="`first_name is not null`: the message can call the person by it",
        noun="first name",
        says="are called {}",
        denies="are not called {}",
        known="have a first name that is known",
        unknown="have a first name that is not known",
    ),
    ColumnEntry(
        name="birthday",
        kind=Kind.TEXT,
        about="month and day, such as `11-26`; for days to come see `birthday_in`",
        noun="birthday",
        says="have their birthday on {}",
        denies="do not have their birthday on {}",
        known="have a birthday that is known",
        unknown="have a birthday that is not known",
    ),
    ColumnEntry(
        name="churn_risk",
        kind=Kind.SHARE,
        about="the model's probability, 0 to 1, that the person buys no more within its horizon",
        noun="churn risk",
        says="have a churn risk of {}",
        known="have a churn risk that is known",
        unknown="have a churn risk that is not known",
    ),
    ColumnEntry(
        name="value",
        kind=Kind.SHARE,
        about="what the model expects the person to spend within its horizon",
        noun="expected spend",
        says="are expected to spend {}",
        known="have an expected spend that is known",
        unknown="have an expected spend that is not known",
    ),
    ColumnEntry(
        name="uplift",
        kind=Kind.SHARE,
        about="by how much a message raises the model's probability that the person buys, -1 to 1",
        noun="uplift",
        says="have an uplift of {}",
        known="have an uplift that is known",
        unknown="have an uplift that is not known",
    ),
    ColumnEntry(
        name="send_hour",
        kind=Kind.COUNT,
        about="the hour, 0 to 23 on the person's clock, in which the model sees most answers",
        noun="best hour",
        says="answer best in hour {}",
        known="have a best hour that is known",
        unknown="have a best hour that is not known",
    ),
)

_FLAGS: Final = (
    FlagEntry(
        name="has_cart",
        about="whether there is a cart with something in it that was not bought",
        says="have an open cart",
        denies="have no open cart",
    ),
    FlagEntry(
        name="coupon_open",
        about="whether the person was given a code of their own that is neither used nor expired",
        says="have a code that is still good",
        denies="have no code that is still good",
    ),
)

_FUNCTIONS: Final = (
    FunctionEntry(
        name="bought",
        argument="category",
        about="whether the person ordered something of a category",
        says="bought something of {}",
        denies="did not buy anything of {}",
        days=True,
    ),
    FunctionEntry(
        name="bought_product",
        argument="product",
        about="whether the person ordered a product, by the store's id",
        says="bought product {}",
        denies="did not buy product {}",
        days=True,
    ),
    FunctionEntry(
        name="viewed",
        argument="category",
        about="whether the person looked at something of a category",
        says="looked at something of {}",
        denies="did not look at anything of {}",
        days=True,
    ),
    FunctionEntry(
        name="viewed_product",
        argument="product",
        about="whether the person looked at a product, by the store's id",
        says="looked at product {}",
        denies="did not look at product {}",
        days=True,
    ),
    FunctionEntry(
        name="tagged",
        argument="tag",
        about="whether the store tags the person with a word",
        says="are tagged {}",
        denies="are not tagged {}",
    ),
    FunctionEntry(
        name="prefers",
        argument="preference",
        about="whether the person told that preference, such as a category",
        says="prefer {}",
        denies="do not say that they prefer {}",
    ),
    FunctionEntry(
        name="birthday_in",
        argument="days",
        about="whether the birthday is today (UTC) or on one of the next days",
        says="have their birthday within {} days",
        denies="do not have their birthday within {} days",
        number=True,
    ),
    FunctionEntry(
        name="consented",
        argument="purpose",
        about="whether the ledger has a grant of that purpose that stands, for a number that is"
        " in use; the gate may still ask for more, such as a double opt-in",
        says="allow {}",
        denies="do not allow {}",
        words=tuple(purpose for purpose in PURPOSES if purpose != ALL),
    ),
)

_COUNTS: Final = (
    CountEntry(
        name="clicks",
        about="how often the person opened a link of their own; machines do not count",
        noun="number of clicks",
        says="clicked {} times",
    ),
    CountEntry(
        name="messages",
        about="how many messages of flows and campaigns were sent to the person",
        noun="number of messages",
        says="were sent {} messages",
    ),
)

COLUMNS: Final = {entry.name: entry for entry in _COLUMNS}
FLAGS: Final = {entry.name: entry for entry in _FLAGS}
FUNCTIONS: Final = {entry.name: entry for entry in _FUNCTIONS}
COUNTS: Final = {entry.name: entry for entry in _COUNTS}

MOST_DAYS: Final = 3650
"""That a function looks back or ahead."""
