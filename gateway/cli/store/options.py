"""Words that the commands of ``shopbell store`` share."""

from __future__ import annotations

from typing import Annotated

import typer

Name = Annotated[str, typer.Argument(metavar="NAME", help="The store, as its topics have it.")]

ShowPassword = Annotated[
    bool,
    typer.Option("--show-password", help="Print the password, once, and write it to no file."),
]
