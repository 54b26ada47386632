"""``shopbell person``: what a person may ask for, by number (GDPR Art. 15 to 21, 33)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.cli.extra import scoring_errors
from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import print_json, print_line, remark

if TYPE_CHECKING:
    from gateway.db.affected import Affected
    from gateway.db.whereabouts import Sought, Whereabouts
    from gateway.settings import Settings

person = typer.Typer(
    name="person",
    help="The rights of a person: access, erasure, restriction, objection.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Number = Annotated[str, typer.Argument(metavar="NUMBER", help="With + and country, or national.")]
Store = Annotated[
    str | None, typer.Option(help="Only at this store; what others hold is theirs, and stays.")
]
Lakes = Annotated[
    list[Path] | None,
    typer.Option("--lake", metavar="DIR", help="A lake that has the person; may be repeated."),
]
Actor = Annotated[str, typer.Option("--by", help="Who passes it on; stands in the ledger.")]


@person.command()
def export(
    number: Number,
    store: Store = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write it there, for its owner alone.")
    ] = None,
    portable: Annotated[
        bool, typer.Option("--csv", help="Only what the person provided, as a table (Art. 20).")
    ] = False,
    lake: Lakes = None,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Write all that is kept of a person, and why, as JSON.

    Also while the gateway runs. With the numbers and words of a person in it, it is for them alone.
    """
    import json

    from gateway.settings import load

    settings = load(config)
    document = run_async(_document(settings, number, store, lake or []))
    if portable:
        _write(_table(document), out)
    else:
        _write(json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n", out)


@person.command()
def erase(
    number: Number,
    store: Store = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False,
    lake: Lakes = None,
    by: Actor = "operator",
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Erase a person everywhere; a keyed fingerprint stays, so that nobody writes to them again.

    What waits is cancelled, and what is at a modem is waited for. Through the gateway where one
    runs: then the SIMs are looked through, too.
    """
    from gateway.settings import load

    settings = load(config)
    if dry_run:
        _print_counts(run_async(_count(settings, number, store, lake or [])), json=json)
        return
    told = run_async(_wish(settings, "erase", number, store, by))
    told = {**told, "lake": _leave_lakes(settings, number, store, lake or [])}
    _print_erased(told, json=json)
    if told["waiting"] or not told["clean"]:
        raise typer.Exit(1)


@person.command()
def restrict(
    number: Number,
    store: Store = None,
    by: Actor = "operator",
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Keep a person's data and do nothing with them: nothing is sent, nothing analysed."""
    _do("restrict", number, store, by, config, json=json)


@person.command()
def unrestrict(
    number: Number,
    store: Store = None,
    by: Actor = "operator",
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """End a restriction."""
    _do("unrestrict", number, store, by, config, json=json)


@person.command(name="object")
def object_(
    number: Number,
    store: Store = None,
    by: Actor = "operator",
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Note that a person objects: no marketing, and no profile, score or experiment any more."""
    _do("object", number, store, by, config, json=json)


@person.command()
def affected(
    since: Annotated[str, typer.Option(metavar="INSTANT", help="RFC 3339; inclusive.")],
    until: Annotated[str, typer.Option(metavar="INSTANT", help="RFC 3339; exclusive.")],
    store: Store = None,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """List whose data were at work in a time, to tell them of a breach (Art. 33, 34)."""
    from gateway.settings import load

    settings = load(config)
    found = run_async(_affected(settings, _instant(since), _instant(until), store))
    for one in found:
        if json:
            print_json({"number": one.number, "store": one.store, "kinds": list(one.kinds)})
        else:
            print_line(f"{one.number} {one.store or '-'} {' '.join(one.kinds)}")
    remark(f"{len({one.number for one in found})} persons")


def _do(action: str, number: str, store: str | None, by: str, config: Path, *, json: bool) -> None:
    from gateway.settings import load

    told = run_async(_wish(load(config), action, number, store, by))
    if json:
        print_json(told)
    else:
        print_line(f"{action}: done at {', '.join(told['stores']) or 'no store: there is none'}")


async def _wish(
    settings: Settings, action: str, number: str, store: str | None, by: str
) -> Mapping[str, Any]:
    """Have the gateway that runs do it, else do it on its database."""
    from gateway.app import offline_persons
    from gateway.cli.logs import without_logging
    from gateway.control import NoGatewayError, ask, socket_path
    from gateway.control.persons import ANSWER_WITHIN
    from gateway.dispatch.rights import RIGHTS

    e164 = _read(settings, number, store)
    path = socket_path(settings.database.path)
    fields = {"action": action, "number": e164, "store": store, "actor": by}
    try:
        told: Mapping[str, Any] = await ask(path, "person", answer_within=ANSWER_WITHIN, **fields)
    except NoGatewayError:
        with without_logging():
            async with offline_persons(settings) as desk:
                told = await desk.wish(e164, RIGHTS[action], store, by)
    return told


def _read(settings: Settings, number: str, store: str | None) -> str:
    """Return a number in E.164; a national one is of the store's country, else of the box's."""
    from gateway.domain.errors import RejectedError
    from gateway.domain.phone import PhoneNumberError, parse_phone

    countries = {str(one.name): one.country for one in settings.store}
    country = countries.get(store or "", settings.gateway.country)
    try:
        return parse_phone(number, country)
    except PhoneNumberError as error:
        raise RejectedError("invalid_number", f"the number {error}", field="NUMBER") from None


def _sought(settings: Settings, number: str, store: str | None) -> Sought:
    from gateway.consent.identity import Identities
    from gateway.db.key import key_path, make_or_load_keys
    from gateway.db.whereabouts import Sought
    from gateway.domain.ids import StoreName
    from gateway.domain.spelling import Spelling

    e164 = _read(settings, number, store)
    keys = make_or_load_keys(key_path(settings.database.path))
    return Sought(
        spelling=Spelling(e164),
        persons=Identities(keys).all_of(e164),
        store=None if store is None else StoreName(store),
    )


async def _document(
    settings: Settings, number: str, store: str | None, lakes: Sequence[Path]
) -> Mapping[str, Any]:
    from gateway.consent.retention import Periods
    from gateway.db import Reader
    from gateway.db.dossier import read_dossier
    from gateway.dispatch.rights.access import access_document
    from gateway.domain.clock import SystemClock

    sought = _sought(settings, number, store)
    async with Reader.open(settings.database.url) as reader:
        data = await reader.read(lambda connection: read_dossier(connection, sought))
    return access_document(
        sought,
        data,
        _rows_of_lakes(sought, lakes) if lakes else None,
        periods=Periods(**settings.retention.model_dump()),
        now=SystemClock().now(),
    )


def _rows_of_lakes(sought: Sought, lakes: Sequence[Path]) -> Mapping[str, list[dict[str, Any]]]:
    with scoring_errors():
        from gateway.lake.forget import find

        rows: dict[str, list[dict[str, Any]]] = {}
        for folder in lakes:
            for table, found in find(folder, {sought.store: set(sought.persons)}).items():
                rows.setdefault(table, []).extend(found)
        return rows


def _leave_lakes(
    settings: Settings, number: str, store: str | None, lakes: Sequence[Path]
) -> Mapping[str, int]:
    """Take the person out of lakes; return how many rows of each table went."""
    if not lakes:
        return {}
    sought, gone = _sought(settings, number, store), dict[str, int]()
    with scoring_errors():
        from gateway.db.key import key_path, load_key
        from gateway.lake.folder import open_folder
        from gateway.lake.forget import forget
        from scoring.pseudonym import mark_of

        mark = mark_of(load_key(key_path(settings.database.path)))
        for folder in lakes:
            with open_folder(folder, mark) as lake:
                done = forget(lake, {sought.store: set(sought.persons)})
            for table, rows in done.rows.items():
                gone[table] = gone.get(table, 0) + rows
    return gone


async def _count(
    settings: Settings, number: str, store: str | None, lakes: Sequence[Path]
) -> Mapping[str, int]:
    from gateway.db import Reader
    from gateway.db.whereabouts import find_whereabouts

    sought = _sought(settings, number, store)
    async with Reader.open(settings.database.url) as reader:
        found = await reader.read(lambda connection: find_whereabouts(connection, sought))
    of_lakes = _rows_of_lakes(sought, lakes) if lakes else {}
    return {**_counts(found), **{f"lake {name}": len(rows) for name, rows in of_lakes.items()}}


def _counts(found: Whereabouts) -> Mapping[str, int]:
    return {
        "messages that were sent": len(found.jobs),
        "messages that came in": len(found.messages),
        "reports of no message": len(found.reports),
        "letters to stores": len(found.letters),
        "texts that name the number": len(found.mentions)
        + len(found.mentioned_in)
        + len(found.mentioning),
        "proofs that name the number": len(found.proofs),
        "notes that name the number": len(found.notes),
    }


async def _affected(
    settings: Settings, since: Any, until: Any, store: str | None
) -> list[Affected]:
    from gateway.db import Reader
    from gateway.db.affected import affected
    from gateway.domain.ids import StoreName

    whose = None if store is None else StoreName(store)
    async with Reader.open(settings.database.url) as reader:
        return await reader.read(lambda connection: list(affected(connection, since, until, whose)))


def _instant(text: str) -> Any:
    from datetime import datetime

    from gateway.domain.clock import require_aware

    try:
        return require_aware("instant", datetime.fromisoformat(text))
    except ValueError:
        raise typer.BadParameter("right: RFC 3339 with a zone, as 2026-11-23T09:30:00Z") from None


def _table(document: Mapping[str, Any]) -> str:
    import csv
    import io

    from gateway.dispatch.rights.access import COLUMNS, portable_rows

    sink = io.StringIO()
    writer = csv.writer(sink)
    writer.writerow(COLUMNS)
    writer.writerows(portable_rows(document))
    return sink.getvalue()


def _write(text: str, out: Path | None) -> None:
    """Print, or write a file that only its owner may read."""
    import os

    if out is None:
        print_line(text.rstrip("\r\n"))
        return
    descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as sink:
        sink.write(text)
    remark(f"written to {out}, for your eyes alone; delete it when it is handed over")


def _print_counts(counts: Mapping[str, int], *, json: bool) -> None:
    if json:
        print_json(counts)
        return
    for name, count in counts.items():
        print_line(f"{count:>8,} {name}")


def _print_erased(told: Mapping[str, Any], *, json: bool) -> None:
    if json:
        print_json(told)
    else:
        for erased in told["done"]:
            rows = ", ".join(f"{count} {name}" for name, count in erased["rows"].items() if count)
            print_line(f"{erased['store']}: erased ({rows or 'nothing was kept'})")
        places = {**told["places"], **{f"lake {name}": n for name, n in told["lake"].items()}}
        for name, count in places.items():
            print_line(f"{name}: {count} removed")
    _remark_on(told)


def _remark_on(told: Mapping[str, Any]) -> None:
    if told["waiting"]:
        remark("a message is still at a modem; the gateway erases the rest when that is over")
    if told["unread"]:
        modems = ", ".join(told["unread"])
        remark(f"SIMs not looked through: {modems}; repeat it when the gateway has them in service")
    if not told["clean"]:
        remark("the database's files are not clean yet: a reader keeps them; repeat it")
