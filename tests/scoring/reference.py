"""The features of one person, computed once more in plain Python, without an engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import mean, stdev
from typing import Any

from tests.scoring.lakes import MemoryLake

NAN = float("nan")


def reference(lake: MemoryLake, cutoff: date, within: int = 365) -> dict[str, dict[str, float]]:
    """Return the features of everybody who bought in the last days, by person and name."""
    people = {row["person_id"] for row in lake.orders}
    found = {person: _of_person(lake, person, cutoff) for person in people}
    return {person: row for person, row in found.items() if row and row["since"] < within}


def labels(lake: MemoryLake, person: str, cutoff: date, horizon: int) -> tuple[int, float]:
    """Return purchase days and spend of a person in the days after the cut-off."""
    ahead = [
        row
        for row in lake.orders
        if row["person_id"] == person
        and row["kind"] == "sale"
        and cutoff < row["local_at"].date() <= cutoff + timedelta(days=horizon)
    ]
    return len({row["local_at"].date() for row in ahead}), sum(row["value"] for row in ahead)


def _of_person(lake: MemoryLake, person: str, cutoff: date) -> dict[str, float]:
    def seen(rows: Iterable[Any]) -> list[Any]:
        mine = [row for row in rows if row["person_id"] == person]
        return [row for row in mine if row["local_at"].date() <= cutoff]

    orders = seen(lake.orders)
    sales = [row for row in orders if row["kind"] == "sale"]
    returns = [row for row in orders if row["kind"] == "return"]
    if not sales:
        return {}
    row = _purchases(sales, cutoff) | _hours(sales)
    row |= {"returns": len(returns), "returned": sum(r["value"] for r in returns)}
    return row | _messages(seen(lake.messages), seen(lake.clicks), seen(lake.replies), cutoff)


def _purchases(sales: list[Any], cutoff: date) -> dict[str, float]:
    worth: Counter[date] = Counter()
    for sale in sales:
        worth[sale["local_at"].date()] += sale["value"]
    days = sorted(worth)
    gaps = [(after - before).days for before, after in pairwise(days)]
    since = (cutoff - days[-1]).days
    row: dict[str, float] = {
        "since": since,
        "frequency": len(days) - 1,
        "recency": (days[-1] - days[0]).days,
        "age": (cutoff - days[0]).days,
        "value": sum(worth.values()),
        "value_mean": sum(worth.values()) / len(days),
        "value_last": max((sale["local_at"], sale["value"]) for sale in sales)[1],
        "value_sd": stdev(sale["value"] for sale in sales) if len(sales) > 1 else NAN,
        "items_mean": mean(sale["items"] for sale in sales),
        "products_mean": mean(sale["products"] for sale in sales),
        "orders": len(sales),
        "gap_mean": mean(gaps) if gaps else NAN,
        "gap_sd": stdev(gaps) if len(gaps) > 1 else NAN,
        "gap_max": max(gaps) if gaps else NAN,
        "gap_last": gaps[-1] if gaps else NAN,
        "since_per_gap": since / mean(gaps) if gaps else NAN,
    }
    for n in (30, 90, 180, 365):
        recent = [day for day in days if (cutoff - day).days < n]
        row |= {f"orders_{n}": len(recent), f"value_{n}": sum(worth[day] for day in recent)}
    return row


def _hours(sales: list[Any]) -> dict[str, float]:
    hours = [sale["local_at"].hour for sale in sales]
    row = {"hour_mean": mean(hours)}
    for start in (0, 6, 12, 18):
        share = sum(start <= hour < start + 6 for hour in hours) / len(hours)
        row[f"share_{start:02d}_{start + 6:02d}"] = share
    row["weekend"] = mean(sale["local_at"].weekday() >= 5 for sale in sales)
    return row


def _messages(
    messages: list[Any], clicks: list[Any], replies: list[Any], cutoff: date
) -> dict[str, float]:
    def recent(moments: Iterable[datetime], days: int) -> int:
        return sum((cutoff - moment.date()).days < days for moment in moments)

    opened: dict[str, datetime] = {}
    for click in sorted(clicks, key=lambda row: row["local_at"]):
        if not click["machine"]:
            opened.setdefault(click["message_id"], click["local_at"])
    delays = [
        row["report_delay"]
        for row in messages
        if row["report_delay"] is not None
        and (cutoff - row["local_at"].date()).days < 90
        and (row["local_at"] + timedelta(seconds=row["report_delay"])).date() <= cutoff
    ]
    answers = [row["local_at"] for row in replies if row["kind"] != "stop"]
    return {
        **{f"messages_{n}": recent((m["local_at"] for m in messages), n) for n in (30, 90)},
        "delivered_90": len(delays),
        **{f"clicks_{n}": recent(opened.values(), n) for n in (30, 90)},
        "replies_90": recent(answers, 90),
        "stops": sum(row["kind"] == "stop" for row in replies),
        "report_delay": mean(delays) if delays else NAN,
    }
