"""What came after each campaign: messages, clicks, opt-outs, cost, and the orders it may claim.

Responsible for counting. What a campaign brought is another matter (`scoring.analysis.payoff`):
an order that follows a message, or a click, would mostly have come anyway.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

import ibis
import pandas as pd

from scoring.engine import fetch
from scoring.features.clock import clock_or_utc, day_number, day_of
from scoring.features.scanners import human_clicks, scanners
from scoring.features.source import Tables, of_store, the_store

DAYS: Final = 14
"""Days after a message in which an order may be attributed to it."""


def series(campaign: str) -> str:
    """Return what campaigns of one kind share: the name without its number or date.

    Examples
    --------
    >>> [series(name) for name in ("flash-sale-09", "sale 2026-05-01", "2026", "news")]
    ['flash-sale', 'sale', '2026', 'news']
    """
    return re.sub(r"[\W_]*\d[\d\W_]*$", "", campaign) or campaign


def campaigns(
    lake: Tables,
    *,
    store: str | None = None,
    since: date | None = None,
    campaign: str | None = None,
    days: int = DAYS,
) -> pd.DataFrame:
    """Count what was sent in each campaign, and what came after it.

    Parameters
    ----------
    lake : Lake
    store : str, optional
        Needed where the lake has several.
    since : date, optional
        Only campaigns that began on this day of the person's clock or later.
    campaign : str, optional
        Only this one.
    days : int
        After a message in which an order of its person is attributed to it.

    Returns
    -------
    pandas.DataFrame
        In order of time: ``campaign``, ``series``, ``first`` and ``last`` (days, as numbers),
        ``people``, ``sent``, ``arrived``, ``clicked`` (messages with a person's click), ``stopped``
        (messages answered by STOP), ``cost`` (NaN: the lake has none), and attributed to everyone
        written to ``buyers`` and ``revenue`` (sales, in the store's currency), to those who
        clicked ``click_buyers`` and ``click_revenue``; ``ripe``: the days have passed.
    """
    name = the_store(lake, store)
    sent = _sent(lake, name, campaign)
    end = _frame(lake, day_of(of_store(lake, "orders", name).local_at).max().as_table()).iat[0, 0]
    sent = _with_answers(lake, name, sent, end)
    found = _frame(lake, _counted(sent)).set_index("campaign")
    found = found.join(_frame(lake, _attributed(lake, name, sent, days)).set_index("campaign"))
    found = found.fillna(dict.fromkeys(_MONEY, 0)).join(_costs(lake, name, sent))
    found = found.sort_values(["first"]).reset_index()
    found.insert(1, "series", [series(one) for one in found["campaign"]])
    found["ripe"] = found["last"] + days <= end
    since_day = -1 if since is None else day_number(since)
    return found[found["first"] >= since_day].reset_index(drop=True)


def order_value(lake: Tables, *, store: str | None = None) -> float:
    """Return what a sale is worth on average."""
    orders = of_store(lake, "orders", the_store(lake, store))
    sales = orders.filter(orders.kind == "sale")
    return float(_frame(lake, sales.agg(value=sales.value.mean())).iat[0, 0])


_MONEY: Final = ("buyers", "revenue", "click_buyers", "click_revenue")


def _sent(lake: Tables, store: str, campaign: str | None) -> Any:
    messages = of_store(lake, "messages", store)
    rows = messages.filter(messages.sent_at.notnull(), messages.campaign_id.notnull())
    if campaign is not None:
        rows = rows.filter(rows.campaign_id == campaign)
    return rows.select(
        "message_id",
        "person_id",
        "sent_at",
        campaign=rows.campaign_id,
        day=day_of(clock_or_utc(rows.local_at, rows.sent_at)),
        arrived=(rows.state == "delivered").cast("int32"),
    )


def _with_answers(lake: Tables, store: str, sent: Any, end: int) -> Any:
    """Add 0 or 1: whether a person, no scanner, clicked, and whether STOP came back."""
    day = date.fromordinal(date(1970, 1, 1).toordinal() + int(end))
    machines = sorted(scanners(lake, day, store=store))
    clicks = human_clicks(of_store(lake, "clicks", store))
    clicks = clicks.filter(~clicks.person_id.isin(machines)) if machines else clicks
    clicks = clicks.select("message_id").distinct().mutate(clicked=ibis.literal(1))
    replies = of_store(lake, "replies", store)
    stops = replies.filter(replies.kind == "stop").select("message_id").distinct()
    stops = stops.mutate(stopped=ibis.literal(1))
    rows = sent.left_join(clicks, "message_id").drop("message_id_right")
    rows = rows.left_join(stops, "message_id").drop("message_id_right")
    return rows.mutate(clicked=rows.clicked.fill_null(0), stopped=rows.stopped.fill_null(0))


def _counted(sent: Any) -> Any:
    return sent.group_by("campaign").agg(
        first=sent.day.min(),
        last=sent.day.max(),
        people=sent.person_id.nunique(),
        sent=sent.count(),
        arrived=sent.arrived.sum(),
        clicked=sent.clicked.sum(),
        stopped=sent.stopped.sum(),
    )


def _attributed(lake: Tables, store: str, sent: Any, days: int) -> Any:
    """Sum the sales after each message; each counts once a campaign, as if it had caused it."""
    orders = of_store(lake, "orders", store)
    orders = orders.filter(orders.kind == "sale")
    orders = orders.select("person_id", "order_id", "ordered_at", "value")
    both = sent.join(orders, "person_id")
    both = both.filter(
        both.ordered_at > both.sent_at,
        both.ordered_at <= both.sent_at + ibis.interval(days=days),
    )
    once = both.group_by("campaign", "person_id", "order_id")
    once = once.agg(value=both.value.max(), clicked=both.clicked.max())
    clicked = once.clicked == 1
    return once.group_by("campaign").agg(
        buyers=once.person_id.nunique(),
        revenue=once.value.sum(),
        click_buyers=once.person_id.nunique(where=clicked),
        click_revenue=once.value.sum(where=clicked),
    )


def _costs(lake: Tables, store: str, sent: Any) -> pd.Series:
    """Return what the parts of each campaign cost, each at the mean price of its line."""
    costs, parts = of_store(lake, "costs", store), of_store(lake, "parts", store)
    paid = costs.group_by("line_id").agg(amount=costs.amount.sum(), parts=costs.parts.sum())
    price = _frame(lake, paid).set_index("line_id")
    taken = parts.filter(parts.sent_at.notnull()).select("message_id", "line_id")
    taken = taken.join(sent.select("message_id", "campaign"), "message_id")
    counts = _frame(lake, taken.group_by("campaign", "line_id").agg(parts=taken.count()))
    whole = price["amount"].sum() / price["parts"].sum() if price["parts"].sum() else float("nan")
    each = counts["line_id"].map(price["amount"] / price["parts"].where(price["parts"] > 0))
    amount = counts["parts"] * each.fillna(whole).astype(float)
    return amount.groupby(counts["campaign"]).sum(min_count=1).rename("cost")


def _frame(lake: Tables, expression: Any) -> pd.DataFrame:
    return fetch(lake.connection, expression).to_pandas()
