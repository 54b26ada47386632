"""``shopbell flow``: the group of its commands."""

from __future__ import annotations

import typer

from gateway.cli.flow.add import add
from gateway.cli.flow.check import check
from gateway.cli.flow.list_ import list_
from gateway.cli.flow.runs import runs
from gateway.cli.flow.show import show

flow = typer.Typer(
    name="flow",
    help="What a store sends by itself when something happens.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
flow.command(name="list")(list_)
flow.command()(add)
flow.command()(show)
flow.command()(check)
flow.command()(runs)
