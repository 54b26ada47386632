"""``shopbell alarms``: what is on, and what was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final

import typer

from gateway.cli.alarms.asking import ask_alarms
from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import local_time, new_table, print_json, print_line, print_table

_COLUMNS: Final = ("Alarm", "Of", "Since", "Until", "Told", "What is wrong")


def list_alarms(
    context: typer.Context,
    days: Annotated[int, typer.Option(help="How far back to show what is over.")] = 7,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Show what is wrong with the box and its lines now, and what was."""
    if context.invoked_subcommand is not None:
        return
    answer = run_async(ask_alarms(config, "alarms", days=days))
    found = [*answer["open"], *answer["ended"]]
    if json:
        for one in found:
            print_json(one)
        return
    if not answer["open"]:
        print_line("no alarm is on")
    if found:
        _print(found)


def _print(found: Sequence[Mapping[str, Any]]) -> None:
    table = new_table(*_COLUMNS)
    for one in found:
        table.add_row(
            one["kind"],
            one["subject"],
            _when(one["began_at"]),
            _when(one["ended_at"]),
            _told(one),
            one["detail"],
        )
    print_table(table)


def _told(one: Mapping[str, Any]) -> str:
    seen = f"seen by {one['acknowledged_by']}" if one["acknowledged_by"] else ""
    return seen or _when(one["told_at"]) or "nobody yet"


def _when(instant: str | None) -> str:
    return "" if instant is None else local_time(datetime.fromisoformat(instant))
