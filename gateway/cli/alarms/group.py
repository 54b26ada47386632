"""``shopbell alarms``: the group of its commands; alone it lists what is on."""

from __future__ import annotations

import typer

from gateway.cli.alarms.acknowledging import ack
from gateway.cli.alarms.listing import list_alarms
from gateway.cli.alarms.testing import tell_test

alarms = typer.Typer(
    name="alarms",
    help="What is wrong with the box and its lines, and who is told.",
    rich_markup_mode=None,
    invoke_without_command=True,
)
alarms.callback()(list_alarms)
alarms.command(name="test")(tell_test)
alarms.command()(ack)
