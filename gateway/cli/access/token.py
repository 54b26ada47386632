"""``shopbell token``: which programs may ask over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Final

import typer

from gateway.cli.access.asking import ask_about_access, instant_of
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import local_time, new_table, print_json, print_line, print_table, remark

YEAR: Final = 365
"""Days that a token holds unless somebody says otherwise: it is found in a script years later."""

token = typer.Typer(
    name="token",
    help="Which programs may ask over HTTP.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@token.command()
def add(
    name: Annotated[str, typer.Argument(help="What it is for.", show_default=False)],
    scope: Annotated[
        list[str],
        typer.Option("--scope", help="read, answer, people, send, operate, metrics or admin."),
    ],
    store: Annotated[
        str | None, typer.Option("--store", help="It speaks for this store alone.")
    ] = None,
    days: Annotated[int, typer.Option("--days", help="How long it holds; 0: no end.")] = YEAR,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Make a token, and print it, this once: it is kept nowhere."""
    made = ask_about_access(
        config,
        "token_add",
        name=name,
        scopes=scope,
        store=store,
        days=days or None,
        by="command",
    )
    if json:
        print_json(made)
        return
    remark(f"{name} may {', '.join(made['scopes'])}; shown this once:")
    print_line(made["token"])


@token.command(name="list")
def list_(config: Config = DEFAULT_CONFIG, json: Json = False) -> None:
    """List the tokens; none of them can be shown again."""
    tokens = ask_about_access(config, "tokens")
    if json:
        for one in tokens:
            print_json(one)
        return
    if not tokens:
        print_line("there are no tokens; `shopbell token add NAME --scope read` makes one")
        return
    table = new_table("Id", "For", "May", "Store", "Last used", "Until", "State")
    for one in tokens:
        table.add_row(
            one["id"],
            one["name"],
            ", ".join(one["scopes"]),
            one["store"] or "all",
            _time(one["used_at"], "never"),
            _time(one["ends_at"], "no end"),
            _state(one),
        )
    print_table(table)


@token.command()
def revoke(
    id: Annotated[str, typer.Argument(help="The part between shopbell_ and the secret.")],  # noqa: A002
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """End a token at once; it cannot be taken back."""
    done = ask_about_access(config, "token_revoke", id=id)
    if json:
        print_json(done)
    else:
        print_line(f"{id} is revoked")


def _time(told: object, otherwise: str) -> str:
    instant = instant_of(told)
    return otherwise if instant is None else local_time(instant)


def _state(one: Any) -> str:
    ends_at = instant_of(one["ends_at"])
    if one["revoked_at"]:
        return "revoked"
    return "over" if ends_at is not None and ends_at <= datetime.now(UTC) else "active"
