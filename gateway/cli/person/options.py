"""Options that these commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Number = Annotated[str, typer.Argument(metavar="NUMBER", help="With + and country, or national.")]
Store = Annotated[
    str | None, typer.Option(help="Only at this store; what others hold is theirs, and stays.")
]
Lakes = Annotated[
    list[Path] | None,
    typer.Option("--lake", metavar="DIR", help="A lake that has the person; may be repeated."),
]
Actor = Annotated[str, typer.Option("--by", help="Who passes it on; stands in the ledger.")]
