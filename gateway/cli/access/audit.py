"""``shopbell audit``: who did what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final

import typer

from gateway.cli.access.asking import ask_about_access, instant_of
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import local_time, new_table, print_json, print_line, print_table

FEW: Final = 50
"""Entries, unless somebody asks for more."""


def audit(
    actor: Annotated[
        str | None,
        typer.Option("--actor", help="By whom: user:NAME, token:ID, command, stranger."),
    ] = None,
    action: Annotated[
        str | None,
        typer.Option("--action", help="What: campaign.launch, or campaign for all of them."),
    ] = None,
    subject: Annotated[
        str | None, typer.Option("--subject", help="To what; of a person the pseudonym.")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option("--since", help="Not before this day.", formats=["%Y-%m-%d"])
    ] = None,
    limit: Annotated[int, typer.Option("--limit", help="How many, at most 500.")] = FEW,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Show who did what, the newest first: in the console, by the API, by commands."""
    asked = {"actor": actor, "action": action, "subject": subject, "limit": limit}
    found = ask_about_access(config, "audit", **asked, since=_begin(since))
    if json:
        for one in found["entries"]:
            print_json(one)
        return
    if not found["entries"]:
        print_line("nothing was done")
        return
    table = new_table("When", "Who", "What", "To", "Result", "More")
    for one in found["entries"]:
        table.add_row(*_row(one))
    print_table(table)


def _begin(since: datetime | None) -> str | None:
    """Return when a day begins on this machine's wall."""
    if since is None:
        return None
    return since.astimezone().isoformat()


def _row(one: Mapping[str, Any]) -> list[str]:
    at, details = instant_of(one["at"]), one["details"] or {}
    more = " ".join(f"{name}={_plain(value)}" for name, value in details.items() if value)
    when = "" if at is None else local_time(at)
    return [when, one["actor"], one["action"], one["subject"] or "", one["result"], more]


def _plain(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
