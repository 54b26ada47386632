"""``shopbell campaign``: the group of its commands."""

from __future__ import annotations

import typer

from gateway.cli.campaign.report import report

campaign = typer.Typer(
    name="campaign",
    help="What is said to many at once, and what it was worth.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
campaign.command()(report)


@campaign.callback()
def _campaigns() -> None:
    """Keep the commands' names, though there be one."""
