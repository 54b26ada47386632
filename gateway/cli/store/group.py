"""The command group ``shopbell store``: which commands it has; what each does is its own file's."""

from __future__ import annotations

import typer

from gateway.cli.store.add import add
from gateway.cli.store.list_ import list_stores
from gateway.cli.store.remove import remove
from gateway.cli.store.rotate import rotate

store = typer.Typer(
    name="store",
    help="The stores of this gateway, and their passwords at the broker.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
store.command()(add)
store.command("list")(list_stores)
store.command()(remove)
store.command()(rotate)
