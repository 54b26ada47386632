"""``shopbell consent import``: a shop's file of consents, row by row."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.consent.who import StoreName, actor, find_store
from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import print_json

if TYPE_CHECKING:
    from datetime import tzinfo

    from gateway.cli.consent.report import Report
    from gateway.consent.imports.columns import Columns
    from gateway.consent.imports.said import Form
    from gateway.consent.imports.sheet import Sheet
    from gateway.settings import Settings


def import_consents(
    file: Annotated[
        Path, typer.Argument(help="CSV with a header; its columns are recognised.", readable=False)
    ],
    store: StoreName = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="Write it. Without it nothing changes.")
    ] = False,
    purpose: Annotated[
        str | None,
        typer.Option(help="Of rows that name none, such as marketing.offers; several with +."),
    ] = None,
    channel: Annotated[
        str | None, typer.Option(help="Of rows that name none: sms, if that is what was asked.")
    ] = None,
    text_version: Annotated[
        str | None,
        typer.Option(metavar="VERSION", help="The wording that rows agreed to which name none."),
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="Of that wording where a row names none; as de.")
    ] = None,
    source: Annotated[
        str | None, typer.Option(help="Where rows were collected that do not say it; as a URL.")
    ] = None,
    timezone: Annotated[
        str | None,
        typer.Option(help="Of instants that carry none; as Europe/London. Default: the store's."),
    ] = None,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Bring consents in from a file, also while the gateway runs.

    Every row that is refused is named with its line and what would be right; the others are taken.
    Exits with 1 when a row was refused.
    """
    from gateway.settings import load

    _check_purpose(purpose)
    stated = {
        "purpose": purpose,
        "channel": channel,
        "text_version": text_version,
        "language": language,
        "source": source,
    }
    report = run_async(
        _import(
            load(config),
            file,
            store,
            {fact: said for fact, said in stated.items() if said is not None},
            timezone,
            apply=apply,
        )
    )
    if json:
        print_json(report.document())
    else:
        report.print()
    raise typer.Exit(1 if report.refused else 0)


def _check_purpose(purpose: str | None) -> None:
    from gateway.consent.imports.words import consented, read_purposes

    try:
        consented(() if purpose is None else read_purposes(purpose))
    except ValueError as error:
        raise typer.BadParameter(f"--purpose {error}") from None


async def _import(
    settings: Settings,
    file: Path,
    store: str | None,
    stated: dict[str, str],
    timezone: str | None,
    *,
    apply: bool,
) -> Report:
    import asyncio

    from gateway.cli.consent.bringing import bringer
    from gateway.cli.consent.report import Report
    from gateway.consent.imports.columns import find_columns
    from gateway.consent.imports.sheet import read_sheet

    home = find_store(settings, store)
    sheet = await asyncio.to_thread(read_sheet, file)
    columns = find_columns(sheet.header)
    report = Report(file=file, store=home.name, sheet=sheet, columns=columns, applied=apply)
    async with bringer(settings, apply=apply) as (keys, bring):
        form = _form(settings, file, sheet, columns, home.name, stated, timezone, keys)
        rows = await asyncio.to_thread(report.read, sheet, columns, form)
        await bring(rows, report.settle)
    return report


def _form(
    settings: Settings,
    file: Path,
    sheet: Sheet,
    columns: Columns,
    store: str,
    stated: dict[str, str],
    timezone: str | None,
    keys: tuple[bytes, ...],
) -> Form:
    import hashlib

    from gateway.consent.identity import Identities
    from gateway.consent.imports.said import Form
    from gateway.consent.texts import load_texts
    from gateway.domain.clock import SystemClock

    home = find_store(settings, store)
    digest = hashlib.sha256(sheet.text.encode()).hexdigest()
    return Form(
        store=home.name,
        country=home.country,
        zone=home.timezone if timezone is None else _zone(timezone),
        texts=load_texts(home.consent_texts),
        identities=Identities(keys),
        now=SystemClock().now(),
        actor=actor(),
        source=f"file {digest[:16]}",
        says_sms=columns.says_sms,
        stated=stated,
        evidence={"file_sha256": digest},
    )


def _zone(name: str) -> tzinfo:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise typer.BadParameter(f"{name!r} is no zone; right: one such as Europe/London") from None
