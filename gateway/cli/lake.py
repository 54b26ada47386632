"""``shopbell lake``: the pseudonymised data set for analysts, from the gateway or a shop's file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.extra import scoring_errors
from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import print_json, print_line, remark

if TYPE_CHECKING:
    from gateway.lake.export import Exported
    from gateway.settings import Settings

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


Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The lake; made if absent.")]


@lake.command()
def export(folder: Folder, config: Config = DEFAULT_CONFIG, json: Json = False) -> None:
    """Write what the gateway knows into a lake.

    Only months that have changed are written; also while the gateway runs.
    """
    from dataclasses import asdict

    from gateway.settings import load

    settings = load(config)
    with scoring_errors():
        done = run_async(_export(settings, folder))
    if json:
        print_json(asdict(done))
        return
    rows = ", ".join(f"{count:,} {name}" for name, count in sorted(done.rows.items()))
    print_line(
        f"{folder}: {rows or 'nothing new'} ({done.written} files written, "
        f"{done.unchanged} unchanged, {done.removed} removed)"
    )


async def _export(settings: Settings, folder: Path) -> Exported:
    import asyncio

    from gateway.db import Reader
    from gateway.domain.clock import SystemClock
    from gateway.lake.export import export
    from gateway.lake.person import Home

    homes: dict[str, Home] = {
        store.name: Home(country=store.country, timezone=str(store.timezone))
        for store in settings.store
    }
    async with Reader.open(settings.database.url) as reader:
        key = await asyncio.to_thread(_key, settings, folder)
        return await export(reader, folder, key=key, homes=homes, now=SystemClock().now())


def _key(settings: Settings, folder: Path) -> bytes:
    from gateway.lake.key import key_path, make_or_load_key

    key = key_path(settings.database.path)
    if key.is_relative_to(folder.resolve()):
        raise typer.BadParameter(f"the key {key} would lie in it; name another folder")
    return make_or_load_key(key)


@lake.command(name="import")
def import_orders(
    file: Annotated[Path, typer.Argument(help="CSV with a header, or Parquet.", readable=False)],
    folder: Folder,
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
