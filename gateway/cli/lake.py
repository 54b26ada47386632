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
    from collections.abc import Callable

    from sqlalchemy import Connection

    from gateway.lake.export import Exported
    from gateway.lake.shop_tables import Prices
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
    from gateway.db.keeping import require_keys
    from gateway.domain.clock import SystemClock
    from gateway.lake.export import export
    from gateway.lake.person import Home

    homes: dict[str, Home] = {
        store.name: Home(
            country=store.country, timezone=str(store.timezone), currency=store.currency
        )
        for store in settings.store
    }
    async with Reader.open(settings.database.address) as reader:
        await reader.read(lambda c: require_keys(c, settings.database.key_path))
        key, *former = await asyncio.to_thread(_keys, settings, folder)
        prices = await reader.read(lambda connection: _prices(connection, settings))
        return await export(
            reader,
            folder,
            key=key,
            former=former,
            homes=homes,
            now=SystemClock().now(),
            prices=prices,
        )


def _prices(connection: Connection, settings: Settings) -> Prices | None:
    """Return what sending costs; None where no currency is configured, and so no price is."""
    from gateway.app.tariffs import Tariffs
    from gateway.lake.shop_tables import Prices

    currency = settings.gateway.currency
    if currency is None:
        return None
    tariffs = Tariffs(connection, settings)
    return Prices(currency=currency, tariff_of=tariffs, mark=f"{currency} {tariffs.mark}")


def _keys(settings: Settings, folder: Path) -> tuple[bytes, ...]:
    from gateway.db.key import make_or_load_keys

    key = settings.database.key_path
    if key.is_relative_to(folder.resolve()):
        raise typer.BadParameter(f"the key {key} would lie in it; name another folder")
    return make_or_load_keys(key)


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
    country: Annotated[
        str | None,
        typer.Option(
            metavar="CC",
            help="Whose national phone numbers the file has; as GB. Default: the store's.",
        ),
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The key of the pseudonyms. Default: the gateway's, beside its database; "
            "without a configuration DIR.key beside DIR.",
        ),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The configuration of the gateway whose persons these are. "
            f"Default: {DEFAULT_CONFIG}, if it is there.",
            readable=False,
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Import a shop's orders, or their lines, into a lake.

    An earlier import of the same store goes. No gateway is needed; where there is one, who is named
    by a phone is the gateway's person, and its scores find her.
    """
    stated = _stated(columns)
    settings = _settings(config)
    secret = _key_of_import(folder, settings, key)
    where = _country(settings, store, country)
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
            key=secret,
            number=_reader(where),
        )
    for sentence in done.remarks:
        remark(sentence)
    if json:
        print_json({"store": store, "shape": done.shape, "rows": done.rows, "key": done.key})
        return
    rows = ", ".join(f"{count:,} {name}" for name, count in done.rows.items())
    print_line(f"{store}: {rows} (taken for: {done.shape}; key: {done.key})")


def _settings(config: Path | None) -> Settings | None:
    """Return the configuration that is stated, or the one that lies here, if any."""
    from gateway.settings import load

    if config is None and not DEFAULT_CONFIG.is_file():
        return None
    return load(config or DEFAULT_CONFIG)


def _key_of_import(folder: Path, settings: Settings | None, stated: Path | None) -> Path | None:
    """Return the file of the key; None: that of the lake."""
    if stated is not None or settings is None:
        return stated
    key = settings.database.key_path
    if not key.exists() and settings.database.may_exist:
        run_async(_require_no_key(settings))
    former = folder.resolve().with_name(f"{folder.resolve().name}.key")
    if former.is_file() and former != key:
        remark(
            f"the key is the gateway's, {key}, and no more {former}: "
            f"import every store of {folder} again, or give --key {former}"
        )
    return key


async def _require_no_key(settings: Settings) -> None:
    """Pass where the gateway never had a key: another one in its place would know nobody."""
    from gateway.db import Reader
    from gateway.db.keeping import require_keys

    async with Reader.open(settings.database.address) as reader:
        await reader.read(lambda connection: require_keys(connection, settings.database.key_path))


def _country(settings: Settings | None, store: str, stated: str | None) -> str | None:
    """Return in which country national numbers are read; None: in none."""
    import phonenumbers

    if stated is not None:
        if stated.upper() not in phonenumbers.SUPPORTED_REGIONS:
            raise typer.BadParameter(f"{stated!r} is no country; right: two letters, as GB")
        return stated.upper()
    known = {str(one.name): one.country for one in settings.store} if settings is not None else {}
    return known.get(store)


def _reader(country: str | None) -> Callable[[str], str | None]:
    """Return what reads a phone as the gateway reads that of a job."""
    from gateway.domain.phone import PhoneNumberError, parse_phone

    def number(text: str) -> str | None:
        try:
            return parse_phone(text, country or "ZZ")
        except PhoneNumberError:
            return None

    return number


def _stated(columns: str | None) -> dict[str, str] | None:
    if columns is None:
        return None
    pairs = [pair.partition("=") for pair in columns.split(",")]
    if not all(equals and name for _, equals, name in pairs):
        raise typer.BadParameter("right: WHAT=NAME,WHAT=NAME, as order=Invoice,person=Customer")
    return {what.strip(): name.strip() for what, _, name in pairs}
