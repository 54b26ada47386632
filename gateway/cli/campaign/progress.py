"""``shopbell campaign progress``: how far it has come; live on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Final

import typer

from gateway.cli.campaign.options import Name
from gateway.cli.consent.who import StoreName
from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import local_time, print_json, print_line

if TYPE_CHECKING:
    from rich.table import Table

    from gateway.commerce.campaigns.progress import Progress
    from gateway.db import Reader
    from gateway.settings import Settings

_EVERY: Final = 2.0
"""Seconds between looks."""

_SHARE: Final = 10
"""A look that takes long is made so many times more rarely than it takes."""


def progress(
    name: Name,
    store: StoreName = None,
    once: Annotated[bool, typer.Option("--once", help="Tell it once, and end.")] = False,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Show how far a campaign has come: live on a terminal, until it is over or Ctrl-C."""
    from gateway.cli.consent.who import find_store
    from gateway.settings import load

    settings = load(config)
    home = str(find_store(settings, store).name)
    live = not (once or json) and is_terminal()
    try:
        run_async(_follow(settings, home, name) if live else _tell(settings, home, name, json=json))
    except KeyboardInterrupt:
        raise typer.Exit from None


def is_terminal() -> bool:
    """Tell whether somebody looks on."""
    return sys.stdout.isatty()


async def _tell(settings: Settings, store: str, name: str, *, json: bool) -> None:
    from gateway.commerce.campaigns.document import progress_document
    from gateway.db import Reader
    from gateway.domain import ids

    async with Reader.open(settings.database.address) as reader:
        found = await _look(reader, store, name)
    if json:
        print_json(progress_document(ids.StoreName(store), found, None))
        return
    for label, value in rows(found, found.rate_since(None)):
        print_line(f"{label}: {value}")


async def _follow(settings: Settings, store: str, name: str) -> None:
    import asyncio

    from rich.live import Live

    from gateway.db import Reader

    loop = asyncio.get_running_loop()
    async with Reader.open(settings.database.address) as reader:
        before, found = None, await _look(reader, store, name)
        with Live(_table(found, found.rate_since(None)), refresh_per_second=4) as live:
            while found.finished_at is None:
                began = loop.time()
                await asyncio.sleep(_EVERY)
                before, found = found, await _look(reader, store, name)
                live.update(_table(found, found.rate_since(before) or found.rate_since(None)))
                await asyncio.sleep(_SHARE * max(0.0, loop.time() - began - _EVERY))


async def _look(reader: Reader, store: str, name: str) -> Progress:
    from gateway.commerce.campaigns.progress import progress_of
    from gateway.db.commerce.campaigns import find_campaign
    from gateway.domain import ids
    from gateway.domain.clock import SystemClock
    from gateway.domain.errors import RejectedError

    now = SystemClock().now()
    record = await reader.read(lambda c: find_campaign(c, ids.StoreName(store), name))
    if record is None:
        raise RejectedError("unknown_campaign", f"{store} launched no campaign {name!r}")
    return await reader.read(lambda c: progress_of(c, record, now))


def rows(found: Progress, rate: float | None) -> Iterator[tuple[str, str]]:
    """Yield what is told of a campaign, each with its label."""
    yield found.name, found.state + (f": {found.reason}" if found.reason else "")
    yield "persons", f"{found.persons:,}"
    yield "not yet decided", f"{found.left:,}"
    yield "in the queue", f"{found.waiting:,}"
    yield "sent", f"{found.sent:,}"
    yield "delivered", f"{found.delivered:,}"
    yield "failed", f"{found.failed:,}"
    if found.cancelled:
        yield "taken back", f"{found.cancelled:,}"
    yield "opted out", f"{found.opted_out:,}"
    yield "left alone", f"{found.held:,}"
    for reason, persons in sorted(found.skipped.items()):
        yield f"skipped, {reason}", f"{persons:,}"
    if rate is not None and found.finished_at is None:
        yield "rate", f"{60 * rate:,.1f} a minute"
    finish = found.finish_at(rate)
    if found.finished_at is not None:
        yield "finished", local_time(found.finished_at)
    elif finish is not None:
        yield "expected finish", local_time(finish)
    if found.ends_at is not None:
        yield "ends", local_time(found.ends_at)


def _table(found: Progress, rate: float | None) -> Table:
    from rich.table import Table

    table = Table.grid(padding=(0, 2))
    for label, value in rows(found, rate):
        table.add_row(label, value)
    return table
