"""What became of the scenes that a season has by plan: looked up on the network's log."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from gateway.commerce.report.attribution import attribute
from gateway.commerce.report.journal import read_journal
from season.checks import Explained
from season.house import STORE
from season.network import Sms
from season.quarter import Played
from season.record import Made

LOOKS: timedelta = timedelta(days=30)
"""How long a look at a product counts."""


def local(played: Played, sms: Sms) -> datetime:
    """Return when a message came, on the clock of whoever got it."""
    return sms.at.astimezone(ZoneInfo(played.shop.customers[sms.to].zone))


def product_of(made: Made) -> str:
    """Return the product that a decision is about: its trigger is ``restocked:ID:…``."""
    return made.trigger.split(":")[1]


def decided_for(played: Played, campaign: str) -> dict[str, list[Made]]:
    """Return what was decided for each number, but for whom it was not allowed."""
    found: dict[str, list[Made]] = {}
    for made in played.checks.decided[campaign]:
        if made.outcome != "skipped":
            found.setdefault(played.record.numbers[made.person], []).append(made)
    return found


def unasked(played: Played, campaign: str) -> Iterator[Explained]:
    """Yield messages about a product to whom neither asked for it nor looked at it."""
    for one in played.checks.messages(campaign):
        assert one.decision is not None
        product = product_of(one.decision)
        views = played.shop.trade.views.get((one.sms.to, product), ())
        looked = any(one.sms.at - LOOKS < at < one.sms.at for at in views)
        if not looked and f"product:{product}" not in played.shop.wishes[one.sms.to]:
            yield one


def at_risk(played: Played, number: str, at: datetime) -> bool:
    """Tell whether the newest scores before an instant gave somebody up."""
    told = [scores for since, scores in played.agenda.scored if since <= at]
    return bool(told) and number in told[-1] and told[-1][number][0] >= 0.7


def credited_to(played: Played) -> dict[str, str]:
    """Return what each order is put down to in reports: the flow or the campaign."""

    def ask(connection: object) -> dict[str, str]:
        persons, since = set(played.record.numbers), played.shop.start
        journal = read_journal(connection, STORE, persons, since, "GBP")  # type: ignore[arg-type]
        sales = (sale for some in journal.sales.values() for sale in some)
        found = attribute(sales, journal.touches, journal.redeemed)
        return {one.sale.order_id: str(one.touch.campaign) for one in found}

    return played.read(ask)
