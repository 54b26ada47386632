"""``shopbell person erase``: everywhere, but for a fingerprint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import print_json, print_line, remark
from gateway.cli.person.lakes import leave_lakes, rows_of_lakes
from gateway.cli.person.options import Actor, Lakes, Number, Store
from gateway.cli.person.wishes import wish

if TYPE_CHECKING:
    from gateway.db.whereabouts import Whereabouts
    from gateway.settings import Settings


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
    told = run_async(wish(settings, "erase", number, store, by))
    told = {**told, "lake": leave_lakes(settings, number, store, lake or [])}
    _print_erased(told, json=json)
    if told["waiting"] or not told["clean"]:
        raise typer.Exit(1)


async def _count(
    settings: Settings, number: str, store: str | None, lakes: Sequence[Path]
) -> Mapping[str, int]:
    from gateway.control.seeking import sought_of
    from gateway.db import Reader
    from gateway.db.forgetting import count_shop
    from gateway.db.keeping import require_keys
    from gateway.db.whereabouts import find_whereabouts

    async with Reader.open(settings.database.address) as reader:
        keys = await reader.read(lambda c: require_keys(c, settings.database.key_path))
        sought = sought_of(settings, number, store, keys)
        found = await reader.read(lambda connection: find_whereabouts(connection, sought))
        shop = await reader.read(lambda connection: count_shop(connection, sought))
    of_lakes = rows_of_lakes(sought, lakes) if lakes else {}
    of_shop = {name.replace("_", " "): count for name, count in shop.items()}
    return {
        **_counts(found),
        **of_shop,
        **{f"lake {name}": len(rows) for name, rows in of_lakes.items()},
    }


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
