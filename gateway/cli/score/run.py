"""``shopbell score run``: a table of advice from the models."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.extra import scoring_errors
from gateway.cli.options import Json
from gateway.cli.output import print_json, print_line, remark
from gateway.cli.score.options import (
    DEFAULT_LAKE,
    DEFAULT_MODELS,
    DEFAULT_SCORES,
    Engine,
    LakeFolder,
    ModelFolder,
    Store,
    WithEngine,
)

Out = Annotated[
    Path, typer.Argument(metavar="OUT", help="The Parquet file to write.", show_default=True)
]


def run(
    lake: LakeFolder = DEFAULT_LAKE,
    models: ModelFolder = DEFAULT_MODELS,
    out: Out = DEFAULT_SCORES,
    store: Store = None,
    engine: WithEngine = Engine.DUCKDB,
    json: Json = False,
) -> None:
    """Write one row of advice for each person of the lake.

    `shopbell score import OUT` loads it into the gateway.
    """
    with scoring_errors():
        from scoring import pipeline

        summary = pipeline.run(lake, models, out, store=store, engine=engine.value, tell=remark)
    if json:
        print_json(asdict(summary))
        return
    for sentence in summary.remarks:
        print_line(f"note: {sentence}")
    print_line(f"{out}: {summary.people:,} people, as of {summary.day}")
