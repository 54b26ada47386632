"""``shopbell campaign report``: what was it worth?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Final

import typer

from gateway.cli.campaign.figures import print_report
from gateway.cli.consent.who import StoreName, find_store
from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import print_json
from gateway.domain.errors import RejectedError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from gateway.commerce.report.figures import Report
    from gateway.settings import Settings
    from gateway.settings.model import StoreSettings

KINDS: Final = ("campaign", "flow")
"""What a name may be of, in this order."""


def report(
    name: Annotated[
        str,
        typer.Argument(help="Of a campaign or a flow; `flow.NAME` where there is one of each."),
    ],
    store: StoreName = None,
    since: Annotated[
        str | None, typer.Option(help="First day of the decisions, as 2026-11-01.", metavar="DAY")
    ] = None,
    until: Annotated[
        str | None, typer.Option(help="Their last day; today by default.", metavar="DAY")
    ] = None,
    window: Annotated[
        str, typer.Option(help="In which what a person buys counts for the lift.")
    ] = "7d",
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Tell what a campaign or a flow brought, cost, and really changed.

    An order is put down to the last message that the person followed (5 days) or was delivered (24
    hours), or whose code it was placed with. What would have come anyway is not in it: that is what
    the lift over those left alone tells.
    """
    from gateway.domain.duration import parse_duration
    from gateway.settings import load

    settings = load(config)
    home = find_store(settings, store)
    days = (_day("--since", since), _day("--until", until))
    try:
        lasting = parse_duration(window)
    except ValueError as error:
        raise typer.BadParameter(f"--window: {error}") from error
    made = run_async(_measure(settings, home, name, days, lasting))
    if json:
        from gateway.commerce.report.document import as_document

        print_json(as_document(made))
    else:
        print_report(made)


async def _measure(
    settings: Settings,
    home: StoreSettings,
    name: str,
    days: tuple[datetime | None, datetime | None],
    window: timedelta,
) -> Report:
    from gateway.db import Reader

    async with Reader.open(settings.database.url) as reader:
        return await reader.read(lambda c: _report(c, settings, home, name, days, window))


def _report(
    connection: Connection,
    settings: Settings,
    home: StoreSettings,
    name: str,
    days: tuple[datetime | None, datetime | None],
    window: timedelta,
) -> Report:
    from gateway.app.tariffs import Tariffs
    from gateway.commerce.report.measure import Question, measure
    from gateway.db.commerce.decisions import first_decision
    from gateway.domain.clock import SystemClock
    from gateway.domain.ids import Campaign

    now = SystemClock().now()
    began = {
        full: first_decision(connection, home.name, Campaign(full)) for full in _candidates(name)
    }
    full = next((full for full, at in began.items() if at is not None), None)
    if full is None:
        raise RejectedError(
            "unknown_campaign",
            f"nothing was decided yet by a campaign or a flow {name!r} of {home.name}",
            field="name",
        )
    since, until = days
    question = Question(
        store=home.name,
        campaign=Campaign(full),
        since=since or began[full] or now,
        until=now if until is None else until + timedelta(days=1),
        currency=home.currency or settings.gateway.currency,
        cost_currency=settings.gateway.currency,
        window=window,
    )
    return measure(connection, question, Tariffs(connection, settings), now)


def _candidates(name: str) -> Iterator[str]:
    if name.startswith(tuple(f"{kind}." for kind in KINDS)):
        yield name
        return
    for kind in KINDS:
        yield f"{kind}.{name}"


def _day(option: str, written: str | None) -> datetime | None:
    """Return the first instant of a day, UTC."""
    if written is None:
        return None
    try:
        return datetime.strptime(written, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise typer.BadParameter(
            f"{option}: {written!r} is no day; write one such as 2026-11-01"
        ) from None
