"""``shopbell backfill``: a shop's past, from the files that it exports."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.cli.consent.who import StoreName, find_store
from gateway.cli.loop import INTERRUPTED, run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import print_json, print_line, remark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gateway.bridge.backfill import Place
    from gateway.bridge.backfill.bringing import Bringing, Moved, Notes, Take
    from gateway.domain.errors import RejectedError
    from gateway.settings import Settings

backfill = typer.Typer(
    name="backfill",
    help="A shop's past, from its exports: kept, and nobody is written to.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

File = Annotated[
    Path, typer.Argument(help="CSV with a header; its columns are recognised.", readable=False)
]
Currency = Annotated[
    str | None, typer.Option(help="Of amounts where no column has one. Default: the store's.")
]
Timezone = Annotated[
    str | None,
    typer.Option(help="Of instants that carry none; as Europe/London. Default: the store's."),
]
Columns = Annotated[
    str | None,
    typer.Option(metavar="WHAT=NAME,…", help="Which column is what, as order=Invoice."),
]


@backfill.command()
def orders(
    file: File,
    store: StoreName = None,
    currency: Currency = None,
    timezone: Timezone = None,
    columns: Columns = None,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Bring in orders, one row for each of their lines.

    Interrupted, the same command goes on where it was. Every row that is refused is in
    FILE.refused.csv with its line, its column and the reason; exits with 1 when there is one.
    """
    _command("orders", file, store, currency, timezone, columns, config, json=json)


@backfill.command()
def customers(
    file: File,
    store: StoreName = None,
    timezone: Timezone = None,
    columns: Columns = None,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Bring in customers: who they are, and not what they allow (see `consent import`).

    As `backfill orders`.
    """
    _command("customers", file, store, None, timezone, columns, config, json=json)


@backfill.command()
def products(
    file: File,
    store: StoreName = None,
    currency: Currency = None,
    timezone: Timezone = None,
    columns: Columns = None,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Bring in products, one row for each of their variants.

    As `backfill orders`.
    """
    _command("products", file, store, currency, timezone, columns, config, json=json)


def _command(
    kind: str,
    file: Path,
    store: str | None,
    currency: str | None,
    timezone: str | None,
    columns: str | None,
    config: Path,
    *,
    json: bool,
) -> None:
    from gateway.bridge.backfill import Place
    from gateway.bridge.backfill.bringing import Notes
    from gateway.settings import load

    settings = load(config)
    home = find_store(settings, store)
    bringing = _bringing(settings, kind, file, home.name, currency, timezone, columns)
    place = Place.load(file, _digest(bringing, home.name))
    resumed, notes = place.line, Notes(file, resumed=place.line > 0)
    if resumed:
        remark(f"{file.name}: going on behind line {resumed:,}")
    try:
        run_async(_run(settings, home.name, bringing, place, notes))
    except KeyboardInterrupt:
        remark(f"{file.name}: stopped behind line {place.line:,}; the same command goes on there")
        raise typer.Exit(INTERRUPTED) from None
    place.forget(file)
    _print(home.name, bringing, place, notes, resumed, json=json)
    raise typer.Exit(1 if place.refused else 0)


def _bringing(
    settings: Settings,
    kind: str,
    file: Path,
    store: str,
    currency: str | None,
    timezone: str | None,
    columns: str | None,
) -> Bringing:
    from datetime import UTC, datetime

    from gateway.bridge.backfill import KINDS, Form, find_columns
    from gateway.bridge.backfill.bringing import Bringing
    from gateway.consent.imports.sheet import read_sheet

    home = find_store(settings, store)
    sheet = read_sheet(file)
    form = Form(
        country=home.country,
        zone=home.timezone if timezone is None else _zone(timezone),
        currency=currency or home.currency or settings.gateway.currency,
        at=datetime.fromtimestamp(file.stat().st_mtime, UTC),
    )
    found = find_columns(KINDS[kind], sheet.header, _stated(columns))
    return Bringing(file=file, sheet=sheet, columns=found, form=form)


def _stated(columns: str | None) -> dict[str, str]:
    """Read ``WHAT=NAME,…``."""
    pairs = [pair.partition("=") for pair in (columns or "").split(",") if pair.strip()]
    if any(not (what.strip() and name.strip()) for what, _, name in pairs):
        raise typer.BadParameter(f"--columns {columns}: right: one such as order=Invoice,at=Date")
    return {what.strip(): name.strip() for what, _, name in pairs}


def _zone(name: str) -> Any:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise typer.BadParameter(f"{name!r} is no zone; right: one such as Europe/London") from None


def _digest(bringing: Bringing, store: str) -> str:
    """Return what tells a file, and how it is read, from another."""
    import hashlib

    form, columns = bringing.form, bringing.columns
    how = [store, columns.kind.name, str(form.zone), form.currency, dict(columns.places)]
    return hashlib.sha256(f"{how}\n{bringing.sheet.text}".encode()).hexdigest()


async def _run(
    settings: Settings, store: str, bringing: Bringing, place: Place, notes: Notes
) -> None:
    with _progress(bringing, place.line) as moved:
        async with _taker(settings, store) as take:
            await bringing.run(place, notes, take, moved)


@asynccontextmanager
async def _taker(settings: Settings, store: str) -> AsyncIterator[Take]:
    """Give what hands events to the gateway that runs, else puts them into its database."""
    from gateway.app import offline_events
    from gateway.control import NoGatewayError, ask, socket_path
    from gateway.control.events import read_refused
    from gateway.domain.ids import StoreName as Name

    path = socket_path(settings.database.beside)
    try:
        await ask(path, "events", store=store, events=[])
    except NoGatewayError:
        async with offline_events(settings) as desk:

            async def keep(events: Sequence[dict[str, Any]]) -> Sequence[RejectedError | None]:
                return await desk.take(Name(store), events)

            yield keep
    else:

        async def send(events: Sequence[dict[str, Any]]) -> Sequence[RejectedError | None]:
            return read_refused(await ask(path, "events", store=store, events=list(events)))

        yield send


@contextmanager
def _progress(bringing: Bringing, begun: int) -> Iterator[Moved]:
    """Show a bar on stderr, where that is a terminal."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    lines = bringing.sheet.text.count("\n") + 1
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(bringing.file.name, total=lines, completed=begun)
        yield lambda line: bar.update(task, completed=line)


def _print(
    store: str, bringing: Bringing, place: Place, notes: Notes, resumed: int, *, json: bool
) -> None:
    report = notes.path if place.refused else None
    if json:
        print_json(
            {
                "file": str(bringing.file),
                "store": store,
                "kind": bringing.columns.kind.name,
                "rows": place.rows,
                "events": place.events,
                "passed_over": place.passed_over,
                "refused": place.refused,
                "report": None if report is None else str(report),
                "resumed_behind_line": resumed or None,
                "ignored_columns": bringing.columns.ignored,
            }
        )
        return
    name = bringing.file.name
    print_line(f"{store}: {place.rows:,} rows of {name} read, {place.events:,} events taken in")
    if place.passed_over:
        print_line(
            f"Passed over, for they are nobody's or were never placed: {place.passed_over:,}."
        )
    if bringing.columns.ignored:
        print_line(f"Columns that were not read: {', '.join(bringing.columns.ignored)}.")
    if report is not None:
        remark(f"refused rows: {place.refused:,}; each is in {report} with its reason")
