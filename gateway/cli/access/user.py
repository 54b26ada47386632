"""``shopbell user``: who may work with the console."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from gateway.cli.access.asking import ask_about_access, instant_of
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import local_time, new_table, print_json, print_line, print_table

Name = Annotated[str, typer.Argument(help="What they sign in with.", show_default=False)]
Role = Annotated[str, typer.Option("--role", help="viewer, agent, operator or admin.")]

user = typer.Typer(
    name="user",
    help="Who may work with the console.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@user.command()
def add(
    name: Name, role: Role = "viewer", config: Config = DEFAULT_CONFIG, json: Json = False
) -> None:
    """Add a user, and print the link by which they set their password.

    The link works once, for a day. Roles: a viewer looks; an agent answers conversations too; an
    operator also sends, runs campaigns and serves persons; an admin may everything.
    """
    made = ask_about_access(config, "user_add", name=name, role=role)
    _print_link(made, json=json)


@user.command(name="list")
def list_(config: Config = DEFAULT_CONFIG, json: Json = False) -> None:
    """List the users."""
    users = ask_about_access(config, "users")
    if json:
        for one in users:
            print_json(one)
        return
    if not users:
        print_line("there are no users; `shopbell user add NAME --role admin` makes one")
        return
    table = new_table("Name", "Role", "State", "Last signed in")
    for one in users:
        seen = instant_of(one["seen_at"])
        table.add_row(one["name"], one["role"], _state(one), local_time(seen) if seen else "never")
    print_table(table)


@user.command()
def role(
    name: Name,
    role: Annotated[str, typer.Argument(help="viewer, agent, operator or admin.")],
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Give a user another role; it holds at once."""
    _print_done(ask_about_access(config, "user_role", name=name, role=role), f"is {role}", json)


@user.command()
def disable(name: Name, config: Config = DEFAULT_CONFIG, json: Json = False) -> None:
    """Keep a user out: signed out everywhere at once, until they are enabled."""
    _print_done(ask_about_access(config, "user_disable", name=name), "is disabled", json)


@user.command()
def enable(name: Name, config: Config = DEFAULT_CONFIG, json: Json = False) -> None:
    """Let a user in again."""
    _print_done(ask_about_access(config, "user_enable", name=name), "is enabled", json)


@user.command()
def link(name: Name, config: Config = DEFAULT_CONFIG, json: Json = False) -> None:
    """Print a link by which a user sets a new password, such as when it was forgotten.

    It works once, for a day; earlier ones for the same user are dead.
    """
    _print_link(ask_about_access(config, "user_link", name=name), json=json)


def _print_link(made: Any, *, json: bool) -> None:
    if json:
        print_json(made)
        return
    ends_at = instant_of(made["ends_at"])
    until = f"until {local_time(ends_at)}" if ends_at else ""
    print_line(f"{made['name']} sets a password by this link, once, {until}:")
    print_line(made["link"])


def _print_done(done: Any, said: str, json: bool) -> None:
    if json:
        print_json(done)
    else:
        print_line(f"{done['name']} {said}")


def _state(one: Any) -> str:
    if one["disabled_at"]:
        return "disabled"
    return "active" if one["has_password"] else "invited"
