"""``shopbell retention``: lets go of what is too old, or counts it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import new_table, print_json, print_table

if TYPE_CHECKING:
    from gateway.settings import Settings

ANSWER_WITHIN: Final = 3600.0
"""Seconds: the first time on an old database it has a year's rows to let go of, in small lots."""


def retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Let go of what is too old, as the gateway does by itself once a day.

    The periods are in [retention] of the configuration.
    """
    from gateway.settings import load

    due = run_async(_work(load(config), dry=dry_run))
    if json:
        for one in due:
            print_json(one)
        return
    table = new_table("Class", "What", "Older than", "Would go" if dry_run else "Went")
    for one in due:
        table.add_row(one["keep"], one["name"], str(one["before"])[:10], f"{one['count']:,}")
    print_table(table)


async def _work(settings: Settings, *, dry: bool) -> Sequence[Mapping[str, Any]]:
    from dataclasses import asdict

    from gateway.app import offline_persons
    from gateway.cli.logs import without_logging
    from gateway.control import NoGatewayError, ask, socket_path

    path = socket_path(settings.database.beside)
    try:
        told: Sequence[Mapping[str, Any]] = await ask(
            path, "retention", answer_within=ANSWER_WITHIN, dry=dry
        )
    except NoGatewayError:
        with without_logging():
            async with offline_persons(settings) as desk:
                work = desk.retention.count if dry else desk.retention.work
                told = [asdict(due) for due in await work()]
    return told
