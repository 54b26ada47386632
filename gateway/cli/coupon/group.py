"""``shopbell coupon``: the group of its commands."""

from __future__ import annotations

import typer

from gateway.cli.coupon.import_ import import_
from gateway.cli.coupon.list_ import list_

coupon = typer.Typer(
    name="coupon",
    help="The codes that a store gives away.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
coupon.command(name="list")(list_)
coupon.command(name="import")(import_)
