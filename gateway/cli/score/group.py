"""The command group ``shopbell score``: which commands it has; what each does is its own file's."""

from __future__ import annotations

import typer

score = typer.Typer(
    name="score",
    help="The models: who will leave, what they are worth, when to write to them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@score.callback()
def _group() -> None:
    """Keep this a group, however few commands it has."""
