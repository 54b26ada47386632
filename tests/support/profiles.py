"""What is known of a person, reckoned plainly from the rows: the other half of segments' tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from support.people import ACME, NOW, Rows

from gateway.consent.standing import Standing, standing_of
from gateway.domain.consent import Recorded

NOT_ORDERS = ("cancelled", "failed", "trash")


@dataclass
class Profile:
    """A person: the view's columns by name, and what the functions need."""

    person: str
    columns: dict[str, Any]
    bought: list[tuple[str | None, str, datetime]]
    """Category, product, instant."""
    viewed: list[tuple[str | None, str, datetime]]
    words: set[tuple[str, str]]
    clicks: list[datetime]
    messages: list[datetime]
    standing: Standing = field(default_factory=Standing)


def profiles(rows: Rows) -> list[Profile]:
    """Return everybody of the store who is not to be left out of all segments."""
    found = [
        _profile(rows, row["person"], row) for row in rows.tables["persons"] if row["store"] == ACME
    ]
    return [one for one in found if not _withheld(one.standing)]


def _withheld(standing: Standing) -> bool:
    return standing.objects or standing.restricted or standing.erased or standing.unprofiled


def _profile(rows: Rows, person: str, told: dict[str, Any]) -> Profile:
    orders = [
        row
        for row in rows.of("orders", person)
        if row["placed_at"] is not None and row["status"] not in NOT_ORDERS
    ]
    categories = {row["product_id"]: row["category"] for row in rows.tables["products"]}
    ordered = {row["order_id"]: row["placed_at"] for row in orders}
    lines = [
        (row["category"] or categories[row["product_id"]], row["product_id"], at)
        for row in rows.tables["order_lines"]
        if row["store"] == ACME and (at := ordered.get(row["order_id"])) is not None
    ]
    views = [
        (categories[row["product_id"]], row["product_id"], row["viewed_at"])
        for row in rows.of("product_views", person)
    ]
    return Profile(
        person=person,
        columns=_columns(rows, person, told, orders),
        bought=lines,
        viewed=views,
        words={(row["kind"], row["word"]) for row in rows.of("person_words", person)},
        clicks=_clicks(rows, person),
        messages=[
            row["decided_at"] for row in rows.of("decisions", person) if row["outcome"] == "sent"
        ],
        standing=_standing(rows, person),
    )


def _columns(
    rows: Rows, person: str, told: dict[str, Any], orders: list[dict[str, Any]]
) -> dict[str, Any]:
    nothing = Decimal()
    paid = [_first(row["total"], row["revenue"], nothing) for row in orders]
    refunded = [row["refunded"] or nothing for row in orders]
    spend = sum(paid, nothing) - sum(refunded, nothing)
    placed = [row["placed_at"] for row in orders]
    carts = [
        row
        for row in rows.of("carts", person)
        if row["ordered_at"] is None and row["products"] != "[]"
    ]
    coupons = rows.of("coupons", person)
    score = next(
        (row for row in rows.of("scores", person) if NOW - row["made_at"] <= timedelta(days=14)), {}
    )
    return {
        **{name: told[name] for name in _TOLD},
        "spend": spend,
        "orders": len(orders),
        "average_order": _average(spend, len(orders)),
        "refunded": sum(refunded, nothing),
        "first_order_at": min(placed, default=None),
        "last_order_at": max(placed, default=None),
        "days_since_order": _days(max(placed, default=None)),
        "has_cart": bool(carts),
        "cart_value": sum((row["value"] or nothing for row in carts), nothing),
        "cart_active_at": max((row["active_at"] for row in carts), default=None),
        "coupon_open": any(
            row["kind"] == "single"
            and row["redeemed_at"] is None
            and (row["expires_at"] is None or row["expires_at"] > NOW)
            for row in coupons
        ),
        "churn_risk": score.get("churn"),
        "value": score.get("value"),
        "uplift": score.get("uplift"),
        "send_hour": score.get("send_hour"),
    }


_TOLD = (
    *("joined_at", "country", "postal_code", "timezone", "language", "first_name", "birthday"),
)


def _first(*values: Any) -> Any:
    return next(value for value in values if value is not None)


def _average(spend: Decimal, orders: int) -> Decimal | None:
    """Return it to the ten-thousandth, cut off."""
    return None if not orders else Decimal(int(spend * 10_000 / orders)) / 10_000


def _days(last: datetime | None) -> int | None:
    return None if last is None else int((NOW - last.replace(microsecond=0)) / timedelta(days=1))


def _clicks(rows: Rows, person: str) -> list[datetime]:
    tokens = {row["token"] for row in rows.of("links", person) if row["kind"] == "page"}
    return [
        row["at"]
        for row in rows.tables.get("clicks", ())
        if row["token"] in tokens and not row["machine"]
    ]


def _standing(rows: Rows, person: str) -> Standing:
    return standing_of(
        Recorded(key=key, event=event, recorded_at=NOW)
        for key, event in enumerate(rows.events, 1)
        if event.store == ACME and event.person == person
    )


Truth = Callable[[Profile], bool | None]
