"""The columns of the lake: the one place where their types, units and meanings stand.

Plain data without a library, so that whoever writes the lake needs no model code. Parquet files
lie in ``TABLE/month=YYYY-MM/*.parquet`` where the table has a clock (`Table.clock`), and in
``TABLE/*.parquet`` where it has none. Nothing here is a number, a name or a text of a person: a
person is a keyed pseudonym, the same in every table and at every export of one box.

Instants are UTC. ``local_at`` is the same instant on the wall clock of the person (of the store
where the person's zone is unknown), without a zone: hours of the day and days are taken from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

VERSION: Final = 1
"""Rises when a column goes or changes its meaning; a model fitted on another one is refused."""


class Type(StrEnum):
    """Types of columns, by their names in Arrow."""

    STRING = "string"
    INTEGER = "int64"
    NUMBER = "double"
    FLAG = "bool"
    INSTANT = "timestamp[us, tz=UTC]"
    LOCAL = "timestamp[us]"


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    type: Type
    meaning: str
    unit: str = ""
    nullable: bool = False
    values: tuple[str, ...] = ()
    """The words that may stand in it; empty: any."""
    least: float | None = None
    """The smallest number that may stand in it."""
    most: float | None = None
    """The largest one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """One table of the lake."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    """Columns that together name one row."""
    clock: str | None = None
    """The instant by whose UTC month its rows are filed; None: the table is written whole."""

    def column(self, name: str) -> Column:
        """Return a column by its name.

        Raises
        ------
        KeyError
            There is none.
        """
        return next(column for column in self.columns if column.name == name)


def _text(name: str, meaning: str, *values: str, nullable: bool = False) -> Column:
    return Column(name=name, type=Type.STRING, meaning=meaning, values=values, nullable=nullable)


def _at(name: str, meaning: str, *, nullable: bool = False) -> Column:
    return Column(name=name, type=Type.INSTANT, meaning=meaning, unit="UTC", nullable=nullable)


def _count(name: str, meaning: str, *, least: float = 0, unit: str = "") -> Column:
    return Column(name=name, type=Type.INTEGER, meaning=meaning, least=least, unit=unit)


def _money(name: str, meaning: str) -> Column:
    return Column(name=name, type=Type.NUMBER, meaning=meaning, unit="currency", least=0)


_STORE = _text("store", "the shop, by its name in the configuration")
_PERSON = _text("person_id", "the keyed pseudonym of a person")
_CURRENCY = _text("currency", "ISO 4217, one for each store")


def _local(of: str) -> Column:
    meaning = f"{of} on the person's wall clock"
    return Column(name="local_at", type=Type.LOCAL, meaning=meaning, unit="local", nullable=True)


PERSONS: Final = Table(
    name="persons",
    meaning="who was ever written to or bought, one row for each store",
    key=("store", "person_id"),
    columns=(
        _STORE,
        _PERSON,
        _text("country", "ISO 3166 alpha-2, from the number", nullable=True),
        _text("timezone", "of the tz database; null where unknown", nullable=True),
        _at("first_seen_at", "when the store first named this person"),
    ),
)

ORDERS: Final = Table(
    name="orders",
    meaning="what was bought and what came back, one row an order",
    key=("store", "order_id"),
    clock="ordered_at",
    columns=(
        _STORE,
        _text("order_id", "the store's own, or its pseudonym"),
        _PERSON,
        _at("ordered_at", "when it was placed"),
        Column(
            name="local_at",
            type=Type.LOCAL,
            meaning="ordered_at on the person's wall clock",
            unit="local",
        ),
        _text("kind", "a sale, or goods and money going back", "sale", "return"),
        _money("value", "worth without shipping, after discounts; positive also for a return"),
        _CURRENCY,
        _count("items", "pieces"),
        _count("products", "different products"),
    ),
)

ORDER_LINES: Final = Table(
    name="order_lines",
    meaning="the products of an order",
    key=("store", "order_id", "line"),
    clock="ordered_at",
    columns=(
        _STORE,
        _text("order_id", "as in orders"),
        _count("line", "counted from 1 in its order", least=1),
        _PERSON,
        _at("ordered_at", "as in orders"),
        _text("product_id", "as in products"),
        _text("kind", "as in orders", "sale", "return"),
        _count("quantity", "pieces"),
        _money("value", "of all its pieces"),
    ),
)

PRODUCTS: Final = Table(
    name="products",
    meaning="what is or was sold",
    key=("store", "product_id"),
    columns=(
        _STORE,
        _text("product_id", "the store's own"),
        _text("category", "the store's own word", nullable=True),
        Column(
            name="price",
            type=Type.NUMBER,
            meaning="the last one known",
            unit="currency",
            nullable=True,
            least=0,
        ),
        _at("first_sold_at", "when it was first ordered", nullable=True),
    ),
)

MESSAGES: Final = Table(
    name="messages",
    meaning="what was sent to whom",
    key=("store", "message_id"),
    clock="created_at",
    columns=(
        _STORE,
        _text("message_id", "pseudonym of the job"),
        _PERSON,
        _text("purpose", "why", "otp", "transactional", "marketing"),
        _text("campaign_id", "null: no campaign's", nullable=True),
        _text("state", "the job's last known state"),
        _count("parts", "SMS that it takes"),
        _at("created_at", "when the gateway took it"),
        _at("sent_at", "when the network took its last part", nullable=True),
        _local("sent_at"),
        _at("delivered_at", "when its last part was reported delivered", nullable=True),
        Column(
            name="report_delay",
            type=Type.NUMBER,
            meaning="from sent_at to delivered_at; long when the phone was off",
            unit="s",
            nullable=True,
            least=0,
        ),
    ),
)

PARTS: Final = Table(
    name="parts",
    meaning="each SMS of a message",
    key=("store", "message_id", "part"),
    clock="created_at",
    columns=(
        _STORE,
        _text("message_id", "as in messages"),
        _count("part", "counted from 1 in its message", least=1),
        _text("line_id", "pseudonym of the SIM; null: not sent yet", nullable=True),
        _text("operator", "the network that the SIM was last in; null: unknown", nullable=True),
        _text("state", "the part's last known state"),
        _count("attempts", "how often it was handed to a modem"),
        _at("created_at", "as in messages"),
        _at("sent_at", "when the network took it", nullable=True),
        _at("reported_at", "when its final report came", nullable=True),
    ),
)

CLICKS: Final = Table(
    name="clicks",
    meaning="who opened a link of a message",
    key=("store", "click_id"),
    clock="clicked_at",
    columns=(
        _STORE,
        _text("click_id", "names the click"),
        _text("message_id", "as in messages"),
        _PERSON,
        _at("clicked_at", "when"),
        _local("clicked_at"),
        Column(name="machine", type=Type.FLAG, meaning="by a scanner, as far as one can tell"),
    ),
)

REPLIES: Final = Table(
    name="replies",
    meaning="what persons wrote, without its text",
    key=("store", "reply_id"),
    clock="received_at",
    columns=(
        _STORE,
        _text("reply_id", "pseudonym of the inbound message"),
        _PERSON,
        _text("message_id", "what it answers; null where unknown", nullable=True),
        _at("received_at", "when"),
        _local("received_at"),
        _text("kind", "a word of a keyword list, or anything else", "stop", "start", "text"),
    ),
)

CONSENTS: Final = Table(
    name="consents",
    meaning="each change of what a person allows",
    key=("store", "person_id", "purpose", "changed_at"),
    clock="changed_at",
    columns=(
        _STORE,
        _PERSON,
        _text(
            "purpose",
            "what for; marketing stands for all three of its kinds",
            "transactional",
            "marketing",
            "marketing.offers",
            "marketing.restock",
            "marketing.cart",
        ),
        _text("state", "from then on", "subscribed", "unsubscribed", "pending"),
        _at("changed_at", "when"),
    ),
)

ASSIGNMENTS: Final = Table(
    name="assignments",
    meaning="who was given which arm of an experiment, and how likely that was",
    key=("store", "assignment_id"),
    clock="assigned_at",
    columns=(
        _STORE,
        _text("assignment_id", "names the draw"),
        _PERSON,
        _text("message_id", "what was sent for it; null: nothing (a holdout)", nullable=True),
        _text("experiment", "the experiment or campaign"),
        _text("kind", "what is chosen", "treatment", "send_time"),
        _text("arm", "control, the treatment's name, or the hour of the week, 0 to 167"),
        Column(
            name="probability",
            type=Type.NUMBER,
            meaning="of this arm for this person, as drawn",
            least=0,
            most=1,
        ),
        _count("candidates", "arms that were allowed", least=1),
        _text("policy", "who chose: the model's id, or a word such as random"),
        _at("assigned_at", "when"),
    ),
)

COSTS: Final = Table(
    name="costs",
    meaning="what sending cost",
    key=("store", "line_id", "day"),
    clock="day",
    columns=(
        _STORE,
        _text("line_id", "as in parts"),
        _at("day", "its first instant"),
        _count("parts", "SMS"),
        _money("amount", "for them"),
        _CURRENCY,
    ),
)

TABLES: Final[Mapping[str, Table]] = {
    table.name: table
    for table in (
        PERSONS,
        ORDERS,
        ORDER_LINES,
        PRODUCTS,
        MESSAGES,
        PARTS,
        CLICKS,
        REPLIES,
        CONSENTS,
        ASSIGNMENTS,
        COSTS,
    )
}
"""Every table of the lake, by its name."""

SCORES: Final = Table(
    name="scores",
    meaning="the advice, one row a person of a store; what `shopbell score run` writes",
    key=("store", "person_id"),
    columns=(
        _STORE,
        _PERSON,
        Column(
            name="churn",
            type=Type.NUMBER,
            meaning="P(no purchase in the next horizon_days); null: too little is known",
            nullable=True,
            least=0,
            most=1,
        ),
        Column(
            name="value",
            type=Type.NUMBER,
            meaning="expected spend in the next horizon_days",
            unit="currency",
            nullable=True,
            least=0,
        ),
        Column(
            name="value_low",
            type=Type.NUMBER,
            meaning="lower end of its 80 % interval",
            unit="currency",
            nullable=True,
            least=0,
        ),
        Column(
            name="value_high",
            type=Type.NUMBER,
            meaning="upper end",
            unit="currency",
            nullable=True,
            least=0,
        ),
        Column(
            name="next_order_at",
            type=Type.INSTANT,
            meaning="when the next order is expected; null: not within a year",
            unit="UTC",
            nullable=True,
        ),
        _text("hours", "P(answer) in each hour of the week, Monday 00 first: 168 numbers, JSON"),
        _text("best_hours", "now, one_hour or personal: what the shop's data speak for"),
        _text("buy_again", "product_ids, best first, JSON"),
        _text("new_for_you", "product_ids never bought, best first, JSON"),
        Column(
            name="uplift",
            type=Type.NUMBER,
            meaning="P(buys if written to) - P(buys if not); null: no experiment tells",
            nullable=True,
            least=-1,
            most=1,
        ),
        _count("horizon_days", "H of churn and value", unit="d", least=1),
        _text("model_id", "the models that were used"),
        _at("made_at", "when; stale 14 days later"),
    ),
)

STALE_DAYS: Final = 14
"""Scores older than this are advice no more."""
