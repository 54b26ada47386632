"""``shopbell --version``."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.cli.output import print_line


def _show(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print_line(f"shopbell {version('shopbell')}")
        raise typer.Exit


Version = Annotated[
    bool,
    typer.Option("--version", callback=_show, is_eager=True, help="Show the version and end."),
]
