"""``shopbell score train``: models from a lake."""

from __future__ import annotations

from dataclasses import asdict

import typer

from gateway.cli.extra import scoring_errors
from gateway.cli.options import Json
from gateway.cli.output import print_json, print_line, remark
from gateway.cli.score.options import (
    DEFAULT_HORIZON,
    DEFAULT_LAKE,
    DEFAULT_MODELS,
    Engine,
    Horizon,
    LakeFolder,
    ModelFolder,
    Store,
    WithEngine,
)


def train(
    lake: LakeFolder = DEFAULT_LAKE,
    models: ModelFolder = DEFAULT_MODELS,
    store: Store = None,
    engine: WithEngine = Engine.DUCKDB,
    horizon: Horizon = DEFAULT_HORIZON,
    json: Json = False,
) -> None:
    """Fit every model that the lake has enough data for, each with its card.

    What cannot be fitted is told with its reason; the others go on. Exit code 1: none could be.
    """
    with scoring_errors():
        from scoring import pipeline

        outcomes = pipeline.train(
            lake, models, store=store, engine=engine.value, horizon=horizon, tell=remark
        )
    for outcome in outcomes:
        if json:
            print_json(asdict(outcome))
        else:
            print_line(f"{outcome.store}: {outcome.part}: {outcome.told}")
    if not any(outcome.model_id for outcome in outcomes):
        raise typer.Exit(1)
