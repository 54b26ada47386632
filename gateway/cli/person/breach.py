"""``shopbell person affected``: whom to tell after a breach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import print_json, print_line, remark
from gateway.cli.person.options import Store

if TYPE_CHECKING:
    from gateway.db.affected import Affected
    from gateway.settings import Settings


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


async def _affected(
    settings: Settings, since: Any, until: Any, store: str | None
) -> list[Affected]:
    from gateway.db import Reader
    from gateway.db.affected import affected
    from gateway.domain.ids import StoreName

    whose = None if store is None else StoreName(store)
    async with Reader.open(settings.database.address) as reader:
        return await reader.read(lambda connection: list(affected(connection, since, until, whose)))


def _instant(text: str) -> Any:
    from datetime import datetime

    from gateway.domain.clock import require_aware

    try:
        return require_aware("instant", datetime.fromisoformat(text))
    except ValueError:
        raise typer.BadParameter("right: RFC 3339 with a zone, as 2026-11-23T09:30:00Z") from None
