"""``shopbell score evaluate``: how good the models are, beside every baseline."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.cli.extra import scoring_errors
from gateway.cli.options import Json
from gateway.cli.output import print_json, print_line, remark
from gateway.cli.score.options import (
    DEFAULT_HORIZON,
    DEFAULT_LAKE,
    Engine,
    Horizon,
    LakeFolder,
    Store,
    WithEngine,
)

All = Annotated[bool, typer.Option("--all", help="Every model, not churn alone.")]


def evaluate(
    lake: LakeFolder = DEFAULT_LAKE,
    store: Store = None,
    engine: WithEngine = Engine.DUCKDB,
    horizon: Horizon = DEFAULT_HORIZON,
    everything: All = False,
    json: Json = False,
) -> None:
    """Train on the past of each cut-off, look at what came, and print it beside every baseline."""
    with scoring_errors():
        from scoring import pipeline

        for table in pipeline.evaluate(
            lake,
            store=store,
            engine=engine.value,
            horizon=horizon,
            everything=everything,
            tell=remark,
        ):
            if json:
                for row in table.rows:
                    print_json({"store": table.store, "table": table.name, **row})
            else:
                print_line(table.text)
