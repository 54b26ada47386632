"""Options that commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

Config = Annotated[
    Path,
    typer.Option(
        "--config",
        metavar="FILE",
        help="The configuration.",
        show_default=True,
        readable=False,  # what is wrong with the file is the reader's to say, as a failure
    ),
]
DEFAULT_CONFIG: Final = Path("shopbell.toml")

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line, for programs.")]
