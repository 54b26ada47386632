"""``shopbell lake``: the pseudonymised data set for analysts, from the gateway or a shop's file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.extra import scoring_errors
from gateway.cli.options import Json
from gateway.cli.output import print_json, print_line, remark

lake = typer.Typer(
    name="lake",
    help="The data set for analysts: Parquet without numbers, names and texts.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Columns = Annotated[
    str | None,
    typer.Option(
        metavar="WHAT=NAME,…",
        help="Which column is what, as order=Invoice,person=Customer; default: recognised.",
    ),
]


@lake.callback()
def _group() -> None:
    """Keep this a group, however few commands it has."""


@lake.command(name="import")
def import_orders(
    file: Annotated[Path, typer.Argument(help="CSV with a header, or Parquet.", readable=False)],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The lake; made if absent.")],
    store: Annotated[str, typer.Option(help="The shop whose orders they are.")],
    columns: Columns = None,
    currency: Annotated[
        str | None, typer.Option(help="Of all values, where no column tells it; as GBP.")
    ] = None,
    timezone: Annotated[
        str | None, typer.Option(help="Of times that carry none; as Europe/London. Default: UTC.")
    ] = None,
    dates: Annotated[
        str | None, typer.Option(metavar="FORM", help="How dates are written; as '%d/%m/%Y'.")
    ] = None,
    key: Annotated[
        Path | None, typer.Option(help="The key of the pseudonyms. Default: DIR.key beside DIR.")
    ] = None,
    json: Json = False,
) -> None:
    """Import a shop's orders, or their lines, into a lake.

    An earlier import of the same store goes. No gateway is needed.
    """
    stated = _stated(columns)
    with scoring_errors():
        from scoring.lake.importers import import_file

        done = import_file(
            file,
            folder,
            store=store,
            columns=stated,
            currency=currency,
            timezone=timezone,
            dates=dates,
            key=key,
        )
    for sentence in done.remarks:
        remark(sentence)
    if json:
        print_json({"store": store, "shape": done.shape, "rows": done.rows, "key": done.key})
        return
    rows = ", ".join(f"{count:,} {name}" for name, count in done.rows.items())
    print_line(f"{store}: {rows} (taken for: {done.shape}; key: {done.key})")


def _stated(columns: str | None) -> dict[str, str] | None:
    if columns is None:
        return None
    pairs = [pair.partition("=") for pair in columns.split(",")]
    if not all(equals and name for _, equals, name in pairs):
        raise typer.BadParameter("right: WHAT=NAME,WHAT=NAME, as order=Invoice,person=Customer")
    return {what.strip(): name.strip() for what, _, name in pairs}
