"""``shopbell template``: the group of its commands."""

from __future__ import annotations

import typer

from gateway.cli.template.lint import lint
from gateway.cli.template.list_ import list_
from gateway.cli.template.preview import preview

template = typer.Typer(
    name="template",
    help="What a store says, in which words.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
template.command(name="list")(list_)
template.command()(lint)
template.command()(preview)
