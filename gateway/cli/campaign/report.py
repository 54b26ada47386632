"""``shopbell campaign report``: what was it worth?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from gateway.cli.campaign.figures import print_report
from gateway.cli.consent.who import StoreName, find_store
from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import print_json


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
    from gateway.app.outlooks import report_on
    from gateway.domain import ids
    from gateway.domain.duration import parse_duration
    from gateway.settings import load

    settings = load(config)
    home = find_store(settings, store)
    days = (_day("--since", since), _day("--until", until))
    try:
        lasting = parse_duration(window)
    except ValueError as error:
        raise typer.BadParameter(f"--window: {error}") from error
    since_at, until_at = days
    made = run_async(
        report_on(
            settings,
            ids.StoreName(home.name),
            name,
            since=since_at,
            until=None if until_at is None else until_at + timedelta(days=1),
            window=lasting,
        )
    )
    if json:
        from gateway.commerce.report.document import as_document

        print_json(as_document(made))
    else:
        print_report(made)


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
