"""``shopbell segment``: the group of its commands."""

from __future__ import annotations

import typer

from gateway.cli.segment.check import check
from gateway.cli.segment.explain import explain
from gateway.cli.segment.list import list_segments
from gateway.cli.segment.members import members
from gateway.cli.segment.size import size

segment = typer.Typer(
    name="segment",
    help="Whom the segments of a shop name.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
segment.command(name="list")(list_segments)
segment.command()(size)
segment.command()(explain)
segment.command()(check)
segment.command()(members)
