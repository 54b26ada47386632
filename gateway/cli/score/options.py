"""Arguments and options that the commands of ``shopbell score`` share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer


class Engine(StrEnum):
    """What computes the features."""

    DUCKDB = "duckdb"
    SPARK = "spark"


LakeFolder = Annotated[
    Path, typer.Argument(metavar="LAKE", help="The lake: a folder of tables.", show_default=True)
]
ModelFolder = Annotated[
    Path, typer.Argument(metavar="MODELS", help="The folder of the models.", show_default=True)
]
Store = Annotated[
    str | None, typer.Option("--store", metavar="NAME", help="Only this store. [default: each]")
]
WithEngine = Annotated[
    Engine, typer.Option("--engine", help="What computes the features.", show_default=True)
]
Horizon = Annotated[
    int,
    typer.Option("--horizon", metavar="DAYS", min=7, max=366, help="How far ahead to look."),
]

DEFAULT_LAKE: Final = Path("lake")
DEFAULT_MODELS: Final = Path("models")
DEFAULT_SCORES: Final = Path("scores.parquet")
DEFAULT_HORIZON: Final = 90
"""Days: a season, and what the package was measured with."""
