"""``shopbell campaign``: the group of its commands."""

from __future__ import annotations

import typer

from gateway.cli.campaign.forecasting import forecast
from gateway.cli.campaign.launch import launch
from gateway.cli.campaign.listing import list_campaigns, show
from gateway.cli.campaign.progress import progress
from gateway.cli.campaign.report import report
from gateway.cli.campaign.steer import approve, pause, resume, stop

campaign = typer.Typer(
    name="campaign",
    help="What is said to many at once, and what it was worth.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
campaign.command("list")(list_campaigns)
for command in (show, forecast, launch, progress, pause, resume, stop, approve, report):
    campaign.command()(command)
