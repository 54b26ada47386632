"""``shopbell flow runs``: what was set off, and what became of it; no numbers of persons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.consent.who import StoreName, find_store
from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import local_time, new_table, print_json, print_table

if TYPE_CHECKING:
    from gateway.db.commerce.flow_runs import Run
    from gateway.settings import Settings

_Flow = Annotated[str | None, typer.Option("--flow", metavar="NAME", help="Only of this flow.")]
_Most = Annotated[int, typer.Option("--last", min=1, max=10_000, help="So many, the newest.")]


def runs(
    store: StoreName = None,
    flow: _Flow = None,
    last: _Most = 20,
    counts: Annotated[bool, typer.Option("--counts", help="Only how many.")] = False,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """List what set flows off, when it is due, and why it was dropped."""
    from gateway.settings import load

    settings = load(config)
    name = find_store(settings, store).name
    if counts:
        _print_counts(run_async(_read_counts(settings, name)), flow, json=json)
        return
    found = run_async(_read(settings, name, flow, last))
    if json:
        for run in found:
            print_json(_as_json(run))
    else:
        _print(found)


async def _read(settings: Settings, store: str, flow: str | None, last: int) -> list[Run]:
    from gateway.db import Reader
    from gateway.db.commerce.flow_runs import newest_runs
    from gateway.domain.ids import StoreName as Name

    async with Reader.open(settings.database.address) as reader:
        return await reader.read(
            lambda connection: newest_runs(connection, Name(store), flow, last)
        )


async def _read_counts(settings: Settings, store: str) -> list[tuple[str, str, str | None, int]]:
    from gateway.db import Reader
    from gateway.db.commerce.flow_runs import count_runs
    from gateway.domain.ids import StoreName as Name

    async with Reader.open(settings.database.address) as reader:
        return await reader.read(lambda connection: count_runs(connection, Name(store)))


def _as_json(run: Run) -> dict[str, object]:
    return {
        "flow": run.flow,
        "trigger": run.trigger,
        "person": run.person,
        "began_at": run.began_at,
        "due_at": run.due_at,
        "state": run.state,
        "reason": run.reason,
    }


def _print(found: list[Run]) -> None:
    table = new_table("Flow", "Set off by", "At", "Due", "State", "Why")
    for run in found:
        began, due = local_time(run.began_at), local_time(run.due_at)
        table.add_row(run.flow, run.topic, began, due, run.state, run.reason or "")
    print_table(table)


def _print_counts(
    counted: list[tuple[str, str, str | None, int]], flow: str | None, *, json: bool
) -> None:
    rows = [row for row in counted if flow in (None, row[0])]
    if json:
        for name, state, reason, count in rows:
            print_json({"flow": name, "state": state, "reason": reason, "runs": count})
        return
    table = new_table("Flow", "State", "Why", "Runs")
    for name, state, reason, count in rows:
        table.add_row(name, state, reason or "", str(count))
    print_table(table)
