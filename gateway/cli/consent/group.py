"""``shopbell consent``: the group of its commands."""

from __future__ import annotations

import typer

from gateway.cli.consent.audit import audit
from gateway.cli.consent.change import grant, request, withdraw
from gateway.cli.consent.export import export
from gateway.cli.consent.import_ import import_consents
from gateway.cli.consent.keys import rotate_key
from gateway.cli.consent.show import show
from gateway.cli.consent.texts import texts
from gateway.cli.consent.verify import verify

consent = typer.Typer(
    name="consent",
    help="Who allowed what, when, and to which wording.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
consent.command(
    # A pseudonym may begin with a dash.
    context_settings={"ignore_unknown_options": True}
)(show)
consent.command(name="import")(import_consents)
consent.command()(export)
consent.command()(verify)
consent.command()(audit)
consent.command()(grant)
consent.command()(withdraw)
consent.command()(request)
consent.command()(texts)
consent.command(name="rotate-key")(rotate_key)
