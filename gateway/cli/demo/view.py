"""What the demo shows: a live table on a terminal, a line every other second elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Final, Protocol

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from gateway.cli.demo.tally import Tally
from gateway.cli.output import new_table, print_line
from gateway.domain.states import JobState

LINE_EVERY: Final = 2.0
"""Seconds between two lines; often enough to see that it lives, seldom enough to be read."""

FRAMES: Final = 4
"""Pictures a second on a terminal."""

Modems = Sequence[Mapping[str, Any]]


class Watch(Protocol):
    """Where a view looks."""

    tally: Tally

    async def modems(self) -> Modems:
        """The modems as the gateway tells them."""
        ...


@asynccontextmanager
async def showing(watch: Watch) -> AsyncIterator[None]:
    """Show what is happening for as long as the ``async with``."""
    console = Console()
    shown = _show_live(watch, console) if console.is_terminal else _print_lines(watch)
    task = asyncio.create_task(shown, name="view")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


async def _print_lines(watch: Watch) -> None:
    while True:
        await asyncio.sleep(LINE_EVERY)
        last = watch.tally.last[-1] if watch.tally.last else None
        latest = f"; last: {last.id} {last.state} {last.modem}".rstrip() if last else ""
        tally = watch.tally
        line = f"{tally}; flows: {tally.flows}{latest}"
        print_line(f"{datetime.now().astimezone():%H:%M:%S} {line}")


async def _show_live(watch: Watch, console: Console) -> None:
    with Live(console=console, auto_refresh=False, transient=True) as live:
        while True:
            live.update(picture(watch.tally, await watch.modems()), refresh=True)
            await asyncio.sleep(1 / FRAMES)


def picture(tally: Tally, modems: Modems) -> RenderableType:
    """Return one picture of what is happening."""
    return Group(
        Text(f"\n{tally}, open {tally.open}\nflows: {tally.flows}\n", style="bold"),
        _modem_table(tally, modems),
        Text(),
        _last_statuses(tally),
        Text("\nCtrl-C ends it", style="dim"),
    )


def _modem_table(tally: Tally, modems: Modems) -> Table:
    sent, delivered = tally.by_modem(JobState.SENT), tally.by_modem(JobState.DELIVERED)
    table = new_table("Modem", "State", "Network", "Signal", "Jobs sent", "Delivered", "Reports")
    for modem in modems:
        name = str(modem["name"])
        signal = modem.get("signal_dbm")
        table.add_row(
            name,
            str(modem["state"]),
            str(modem.get("operator") or ""),
            "" if signal is None else f"{signal} dBm",
            str(sent[name]),
            str(delivered[name]),
            str(modem.get("counters", {}).get("reports", "")),
        )
    return table


def _last_statuses(tally: Tally) -> Table:
    table = new_table("At (UTC)", "Job", "State", "Modem", "Reason")
    for told in tally.last:
        table.add_row(told.at, told.id, told.state, told.modem, told.reason)
    return table
