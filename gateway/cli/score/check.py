"""``shopbell score check``: do the models still fit, or is it time to train anew?"""

from __future__ import annotations

from dataclasses import asdict

import typer

from gateway.cli.extra import scoring_errors
from gateway.cli.options import Json
from gateway.cli.output import print_json, print_line, remark
from gateway.cli.score.options import (
    DEFAULT_LAKE,
    DEFAULT_MODELS,
    Engine,
    LakeFolder,
    ModelFolder,
    Store,
    WithEngine,
)


def check(
    lake: LakeFolder = DEFAULT_LAKE,
    models: ModelFolder = DEFAULT_MODELS,
    store: Store = None,
    engine: WithEngine = Engine.DUCKDB,
    json: Json = False,
) -> None:
    """Hold the models against the newest data, and say whether to train anew, and why.

    Exit code 0: they fit; 1: train anew, or it could not be told.
    """
    with scoring_errors():
        from scoring import pipeline

        verdicts = pipeline.check(lake, models, store=store, engine=engine.value, tell=remark)
    for verdict in verdicts:
        if json:
            print_json(asdict(verdict))
            continue
        print_line(f"{verdict.store}: {'train anew' if verdict.retrain else 'the models fit'}")
        for sentence in (*verdict.reasons, *verdict.notes):
            print_line(f"  {sentence}")
    if any(verdict.retrain for verdict in verdicts):
        raise typer.Exit(1)
