"""``shopbell forecast``: when would it all be out, over which lines, and what would it cost?"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from gateway.cli.consent.who import find_store
from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import new_table, print_json, print_line, print_table, remark
from gateway.domain.errors import RejectedError
from gateway.domain.purpose import Purpose

if TYPE_CHECKING:
    from gateway.dispatch.forecast.forecast import Forecast
    from gateway.dispatch.forecast.question import Question
    from gateway.settings import Settings

_STDIN: Final = "-"

Instant = Annotated[
    str | None, typer.Option(metavar="INSTANT", help="RFC 3339, as 2026-11-27T09:30:00Z.")
]


def forecast(
    store: Annotated[str, typer.Option(help="The store in whose name.")],
    purpose: Annotated[Purpose, typer.Option()],
    text: Annotated[str, typer.Option(help="What would be sent.")],
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A number a line, or a CSV; - is stdin.")
    ],
    column: Annotated[
        str | None, typer.Option(metavar="NAME", help="Of a CSV; default: the first.")
    ] = None,
    scope: Annotated[str | None, typer.Option(help="As of a job.")] = None,
    category: Annotated[str | None, typer.Option(help="As of a job.")] = None,
    campaign: Annotated[str, typer.Option(help="As of a job.")] = "",
    send_at: Instant = None,
    expires_at: Instant = None,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Say what would become of a text to many persons.

    Reckoned from the lines in service, their rates and budgets, the persons' consents, hours and
    caps, and what waits already. Nothing is sent.
    """
    from gateway.dispatch.forecast.document import forecast_document
    from gateway.dispatch.forecast.question import Question
    from gateway.domain.consent import Scope
    from gateway.domain.job import NEVER
    from gateway.settings import load

    settings = load(config)
    home = find_store(settings, store)
    if scope is not None and scope not in list(Scope):
        raise typer.BadParameter(f"there is no scope {scope!r}; there are: offers, restock, cart")
    question = Question(
        store=home.name,
        country=home.country,
        purpose=purpose,
        text=text,
        recipients=_numbers(file, column),
        scope=None if scope is None else Scope(scope),
        category=category,
        campaign=campaign,
        starts_at=_instant("--send-at", send_at),
        expires_at=_instant("--expires-at", expires_at) or NEVER,
    )
    found = run_async(_ask(settings, question))
    if json:
        print_json(forecast_document(found, settings.gateway.currency))
    else:
        _print(found, len(question.recipients), settings.gateway.currency)


async def _ask(settings: Settings, question: Question) -> Forecast:
    from gateway.app.forecasting import forecast as answer
    from gateway.control import NoGatewayError, ask, socket_path
    from gateway.db import Reader
    from gateway.domain.clock import SystemClock

    modems: list[Mapping[str, Any]] | None
    try:
        modems = await ask(socket_path(settings.database.beside), "modems")
    except NoGatewayError:
        modems = None
        remark("no gateway runs; as if all configured modems were in service")
    now = SystemClock().now()
    async with Reader.open(settings.database.url) as reader:
        return await reader.read(lambda c: answer(c, settings, [question], modems, now))


def _numbers(file: Path, column: str | None) -> list[str]:
    """Return the numbers of a file: each line's, or a column's where it is a table."""
    import csv

    lines = _read(file).splitlines()
    rows = [row for row in csv.reader(lines) if row and row[0].strip()]
    if not rows:
        raise RejectedError("no_recipients", f"{file} has no number in it")
    place = _place(file, rows[0], column)
    first = rows[0][place].strip() if place < len(rows[0]) else ""
    headed = column is not None or not any(sign.isdigit() for sign in first)
    return [row[place].strip() for row in rows[headed:] if place < len(row)]


def _place(file: Path, header: list[str], column: str | None) -> int:
    if column is None:
        return 0
    names = [name.strip() for name in header]
    if column not in names:
        known = ", ".join(names)
        reason = f"{file} has no column {column!r}; it has: {known}"
        raise RejectedError("unknown_column", reason, field="column")
    return names.index(column)


def _read(file: Path) -> str:
    try:
        return sys.stdin.read() if str(file) == _STDIN else file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise RejectedError("invalid_utf8", f"{file} is not UTF-8") from None


def _instant(option: str, written: str | None) -> datetime | None:
    if written is None:
        return None
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        wanted = "RFC 3339 with a zone, such as 2026-11-27T09:30:00Z"
        raise typer.BadParameter(f"{option}: {written!r} is no instant; write {wanted}")
    return at.astimezone(UTC)


def _print(found: Forecast, given: int, currency: str | None) -> None:
    from gateway.cli.output import local_time

    each = "1 part" if found.parts_each == 1 else f"{found.parts_each} parts"
    print_line(f"{found.persons:,} of {given:,} may be written to, {each} each")
    for line in _exceptions(found):
        print_line(f"  {line}")
    if found.first_at is None or found.last_at is None:
        print_line("nothing goes out")
        return
    _print_lines(found, currency)
    print_line(f"first message at {local_time(found.first_at)}")
    print_line(
        f"last message at {local_time(found.last_at)}, after {found.ahead:,} parts of others"
    )
    costs = f"costs {found.cost:,} {currency}" if currency else "costs nothing that is configured"
    print_line(f"{found.messages:,} messages, {found.parts:,} parts, {costs}")


def _exceptions(found: Forecast) -> Iterator[str]:
    for code, persons in found.refused.items():
        yield f"{persons:,} refused: {code}"
    if found.repeated:
        yield f"{found.repeated:,} given more than once, written to once"
    if found.outside_window:
        yield f"{found.outside_window:,} outside the window at the start"
    for reason, persons in found.put_off.items():
        yield f"{persons:,} later: {reason}"
    if found.expired:
        yield f"{found.expired:,} expire before their turn"
    if found.unserved:
        yield f"{found.unserved:,} are sent by no line within 60 days"


def _print_lines(found: Forecast, currency: str | None) -> None:
    table = new_table("Modem", "Messages", "Parts", f"Cost {currency or ''}".strip())
    for line in found.lines:
        table.add_row(line.modem, f"{line.messages:,}", f"{line.parts:,}", f"{line.cost:,}")
    print_table(table)
