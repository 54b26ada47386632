"""The features by name: what each says of a person at a cut-off, and in what unit.

Not responsible for how they are computed (`scoring.features.orders`, `scoring.features.messages`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True, slots=True)
class Feature:
    """One column of the feature table.

    Attributes
    ----------
    name : str
        Of the column.
    meaning : str
        What it says of a person, seen from the end of the cut-off's day.
    unit : str
        ``"d"``, ``"currency"``, ``"h"``, ``"s"`` or ``""`` for counts and shares.
    nullable : bool
        Whether it is NaN for some, whom too little is known of.
    """

    name: str
    meaning: str
    unit: str = ""
    nullable: bool = False


def _of(name: str, meaning: str, unit: str = "", *, nullable: bool = False) -> Feature:
    return Feature(name=name, meaning=meaning, unit=unit, nullable=nullable)


WINDOWS: Final = (30, 90, 180, 365)
"""Days up to and with the cut-off in which purchases are counted."""

MESSAGE_WINDOWS: Final = (30, 90)
"""The same for messages and clicks."""

ANSWER_DAYS: Final = 90
"""The same for deliveries, replies and the delay of reports."""

BLOCKS: Final = ("00_06", "06_12", "12_18", "18_24")
"""Parts of the day, six hours each."""

FEATURES: Final[tuple[Feature, ...]] = (
    _of("since", "from the last purchase day to the cut-off", "d"),
    _of("frequency", "purchase days after the first"),
    _of("recency", "from the first purchase day to the last", "d"),
    _of("age", "from the first purchase day to the cut-off", "d"),
    _of("value", "sum of all sales", "currency"),
    _of("value_mean", "of a purchase day", "currency"),
    _of("value_last", "of the last sale, in cents; the larger of two in a minute", "currency"),
    _of("value_sd", "between sales; from two on", "currency", nullable=True),
    _of("items_mean", "pieces of a sale"),
    _of("products_mean", "different products of a sale"),
    _of("orders", "sales"),
    *(_of(f"orders_{days}", f"purchase days in the last {days} days") for days in WINDOWS),
    *(_of(f"value_{days}", f"sales of the last {days} days", "currency") for days in WINDOWS),
    _of("gap_mean", "between purchase days; from two on", "d", nullable=True),
    _of("gap_sd", "its standard deviation; from three purchase days on", "d", nullable=True),
    _of("gap_max", "the longest; from two purchase days on", "d", nullable=True),
    _of("gap_last", "the last; from two purchase days on", "d", nullable=True),
    _of("since_per_gap", "since over gap_mean", nullable=True),
    _of("hour_mean", "of sales on the wall clock; NaN where dates have none", "h", nullable=True),
    *(
        _of(
            f"share_{block}", f"of sales, by hour {block}; NaN where dates have none", nullable=True
        )
        for block in BLOCKS
    ),
    _of("weekend", "share of sales on Saturday and Sunday"),
    _of("returns", "orders that came back"),
    _of("returned", "their value", "currency"),
    *(_of(f"messages_{days}", f"sent in the last {days} days") for days in MESSAGE_WINDOWS),
    _of("delivered_90", "of messages_90, reported delivered by the cut-off"),
    *(
        _of(f"clicks_{days}", f"messages opened first in the last {days} days, not by a machine")
        for days in MESSAGE_WINDOWS
    ),
    _of("replies_90", "in the last 90 days, other than STOP"),
    _of("stops", "STOP replies"),
    _of("report_delay", "mean of delivered_90, from sent to delivered", "s", nullable=True),
)
"""All features, in the order of the table's columns."""

NAMES: Final = tuple(feature.name for feature in FEATURES)
"""Their names."""
