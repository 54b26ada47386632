"""``shopbell consent audit``: did anything go out that was not allowed?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import print_json, print_line, remark

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from gateway.consent.audit import Audited
    from gateway.settings import Settings


def audit(config: Config = DEFAULT_CONFIG, json: Json = False) -> None:
    """Lay all marketing that went out beside the ledger, and name what no consent stood for.

    Exit code 1 where there is any. Messages that retention has let go are not in it.
    """
    from gateway.settings import load

    found = run_async(_audit(load(config)))
    if json:
        leaks = [{"store": store, "job": job} for store, job in found.leaks]
        print_json({"messages": found.messages, "leaks": leaks})
    else:
        _print(found)
    if found.leaks:
        raise typer.Exit(1)


async def _audit(settings: Settings) -> Audited:
    from gateway.consent.audit import audit as look
    from gateway.consent.identity import Identities
    from gateway.db import Reader
    from gateway.db.keeping import require_keys

    def read(connection: Connection) -> Audited:
        return look(connection, Identities(require_keys(connection, settings.database.key_path)))

    async with Reader.open(settings.database.address) as reader:
        return await reader.read(read)


def _print(found: Audited) -> None:
    for store, job in found.leaks:
        remark(f"{store}: {job} went out, and no consent stood for it at that moment")
    print_line(
        f"{found.messages:,} marketing messages went out, {len(found.leaks):,} of them without a "
        "consent at that moment"
    )
