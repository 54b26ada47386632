"""The command group ``shopbell modem``: which commands it has; what each does is its own file's."""

from __future__ import annotations

import typer

from gateway.cli.modem.permit import permit
from gateway.cli.modem.probe import probe
from gateway.cli.modem.ussd import ussd

modem = typer.Typer(
    name="modem",
    help="One modem: what it is, and what it says.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@modem.callback()
def _group() -> None:
    """Keep this a group, however few commands it has."""


modem.command()(permit)
modem.command()(probe)
modem.command()(ussd)
