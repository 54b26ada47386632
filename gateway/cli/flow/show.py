"""``shopbell flow show``: what a flow does, in words, and what it has before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Final

import typer

from gateway.cli.consent.who import StoreName, find_store
from gateway.cli.flow.reading import find_flow, read_content
from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import local_time, print_json, print_line, remark

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from gateway.commerce.content import ShopContent
    from gateway.commerce.flows import Flow
    from gateway.settings import Settings

AHEAD: Final = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outlook:
    """What a flow would do by this time tomorrow, as far as it is known now."""

    waiting: int
    """Runs that are due by then; their conditions are asked when they are."""
    next_due: datetime | None
    found: int | None
    """Of a flow that looks once a day: whom the look of today finds."""


def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Of the flow.")],
    store: StoreName = None,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Explain a flow of a store in words, and say what would happen today."""
    from gateway.commerce.flows.explaining import explain
    from gateway.domain.errors import StorageError
    from gateway.settings import load

    settings = load(config)
    content = read_content(find_store(settings, store))
    flow = find_flow(content, name)
    sentences = explain(flow, _segment(content, flow))
    try:
        outlook = run_async(_look(settings, content, flow))
    except StorageError as error:
        outlook = None
        remark(f"what would happen today is not known: {error}")
    if json:
        print_json({"flow": name, "words": sentences} | _as_json(outlook))
        return
    for sentence in sentences:
        print_line(sentence)
    if outlook is not None:
        _print(outlook)


def _segment(content: ShopContent, flow: Flow) -> str | None:
    from gateway.commerce.segments import Segment

    if flow.where is None:
        return None
    return Segment.parse(flow.where, known=content.segments).explain()


async def _look(settings: Settings, content: ShopContent, flow: Flow) -> Outlook:
    from gateway.db import Reader
    from gateway.domain.clock import SystemClock

    now = SystemClock().now()
    async with Reader.open(settings.database.address) as reader:
        return await reader.read(lambda connection: _outlook(connection, content, flow, now))


def _outlook(connection: Connection, content: ShopContent, flow: Flow, now: datetime) -> Outlook:
    from gateway.commerce.flows.flow import DAILY
    from gateway.commerce.flows.spreading import found_today
    from gateway.db.commerce.flow_runs import waiting_until

    waiting, due = waiting_until(connection, content.store, flow.name, now + AHEAD)
    found = None
    if flow.trigger in DAILY:
        day = now.astimezone(content.zone).date()
        found = found_today(connection, content.store, flow, day, now)
    return Outlook(waiting=waiting, next_due=due, found=found)


def _as_json(outlook: Outlook | None) -> dict[str, object]:
    if outlook is None:
        return {}
    return {
        "due_within_a_day": outlook.waiting,
        "next_due_at": outlook.next_due,
        "found_today": outlook.found,
    }


def _print(outlook: Outlook) -> None:
    due = "" if outlook.next_due is None else f", the next at {local_time(outlook.next_due)}"
    print_line(
        f"Within a day {outlook.waiting} are due{due}; what stands against them is asked then."
    )
    if outlook.found is not None:
        print_line(f"The look of today finds {outlook.found}.")
