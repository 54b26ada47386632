"""What is counted after a campaign, by hand: who bought, who clicked, and what it cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import pytest

from scoring.analysis.campaigns import campaigns
from tests.scoring.lakes import MemoryLake, at, click, message, order, reply, utc

DAY = 24 * 60


@dataclass(kw_only=True)
class ShopLake(MemoryLake):
    """A lake in memory that knows what sending cost."""

    parts: Any = ()
    costs: Any = ()


def sent(person: str, campaign: str | None, day: float) -> dict[str, Any]:
    return {**message(person, f"{campaign}-{person}", day * DAY), "campaign_id": campaign}


def part(name: str, line: str | None, number: int = 1) -> dict[str, Any]:
    at_once = utc(at(0))
    row = {"store": "shop", "message_id": name, "part": number, "line_id": line}
    return row | {"state": "delivered", "attempts": 1, "created_at": at_once, "sent_at": at_once}


def cost(line: str, parts: int, amount: float) -> dict[str, Any]:
    row = {"store": "shop", "line_id": line, "day": utc(at(0)), "currency": "EUR"}
    return row | {"parts": parts, "amount": amount}


def lake(**tables: Any) -> ShopLake:
    given = {
        "messages": [sent("ann", "sale-1", 0), sent("bob", "sale-1", 0), sent("cid", None, 0)],
        "orders": [order("ann", 1 * DAY, value=20.0), order("bob", 40 * DAY)],
    }
    return ShopLake(**(given | tables))


def row(found: pd.DataFrame, name: str = "sale-1") -> Any:
    return found.set_index("campaign").loc[name]


def test_only_sales_within_the_days_after_a_message_are_claimed():
    orders = [
        order("ann", -1, value=1.0),
        order("ann", 1 * DAY, value=20.0),
        order("ann", 14 * DAY, value=5.0),
        order("ann", 2 * DAY, value=7.0, kind="return"),
        order("bob", 14 * DAY + 1, value=3.0),
        order("cid", 1 * DAY, value=90.0),
    ]
    found = row(campaigns(lake(orders=orders)))
    assert (found["buyers"], found["revenue"]) == (1, 25.0)
    assert (found["sent"], found["people"], found["arrived"]) == (2, 2, 2)


def test_an_order_after_two_messages_of_one_campaign_counts_once():
    twice = [sent("ann", "sale-1", 0), {**sent("ann", "sale-1", 0.5), "message_id": "again"}]
    found = row(campaigns(lake(messages=twice)))
    assert (found["sent"], found["people"], found["revenue"]) == (2, 1, 20.0)


def test_clicks_of_machines_credit_nobody():
    clicks = [
        click("ann", "sale-1-ann", 5, machine=True),
        click("bob", "sale-1-bob", 5),
        click("bob", "sale-1-bob", 6),
    ]
    orders = [order("ann", DAY, value=20.0), order("bob", DAY, value=8.0), order("bob", 40 * DAY)]
    found = row(campaigns(lake(clicks=clicks, orders=orders)))
    assert (found["clicked"], found["click_buyers"], found["click_revenue"]) == (1, 1, 8.0)


def test_a_stop_belongs_to_the_message_that_it_answers():
    replies = [
        {**reply("ann", 5, kind="stop"), "message_id": "sale-1-ann"},
        {**reply("bob", 5, kind="text"), "message_id": "sale-1-bob"},
        reply("bob", 6, kind="stop"),
    ]
    assert row(campaigns(lake(replies=replies)))["stopped"] == 1


def test_each_part_costs_what_its_line_takes():
    parts = [part("sale-1-ann", "dear"), part("sale-1-ann", "dear", 2), part("sale-1-bob", None)]
    costs = [cost("dear", 10, 2.0), cost("cheap", 30, 2.0)]
    found = row(campaigns(lake(parts=parts, costs=costs)))
    assert found["cost"] == pytest.approx(2 * 0.2 + 4.0 / 40)


def test_what_the_lake_does_not_know_of_costs_is_not_made_up():
    assert pd.isna(row(campaigns(lake(parts=[part("sale-1-ann", "a")])))["cost"])


def test_a_campaign_whose_days_have_not_passed_is_unripe_and_one_that_began_before_is_left_out():
    messages = [sent("ann", "sale-1", 0), sent("ann", "sale-2", 30)]
    shop = lake(messages=messages)
    assert campaigns(shop)["ripe"].tolist() == [True, False]
    assert campaigns(shop, since=date(2020, 1, 20))["campaign"].tolist() == ["sale-2"]
    assert campaigns(shop, campaign="sale-1")["series"].tolist() == ["sale"]
    assert campaigns(shop, campaign="none").empty
