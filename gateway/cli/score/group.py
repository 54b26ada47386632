"""The command group ``shopbell score``: which commands it has; what each does is its own file's."""

from __future__ import annotations

import typer

from gateway.cli.score.check import check
from gateway.cli.score.evaluate import evaluate
from gateway.cli.score.import_ import import_scores
from gateway.cli.score.run import run
from gateway.cli.score.train import train

score = typer.Typer(
    name="score",
    help="The models: who will leave, what they are worth, when to write to them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
for command in (train, run, evaluate, check):
    score.command()(command)
score.command(name="import")(import_scores)
