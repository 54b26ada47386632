"""``shopbell store add``: one more store, with a user at the broker."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import print_json, print_line
from gateway.cli.store.handing import hand_over_password, print_password
from gateway.cli.store.options import Name, ShowPassword
from gateway.cli.store.spreading import spread

if TYPE_CHECKING:
    from gateway.settings import Settings


def add(
    name: Name,
    country: Annotated[
        str | None, typer.Option(metavar="CC", help="ISO code. Default: the gateway's.")
    ] = None,
    timezone: Annotated[
        str | None, typer.Option(metavar="ZONE", help="Default: the country's, if it has one.")
    ] = None,
    if_missing: Annotated[
        bool, typer.Option("--if-missing", help="Do nothing if it is there already, for scripts.")
    ] = False,
    show_password: ShowPassword = False,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Add a store to the configuration, and make it a user with a password.

    Comments in the file stay. A gateway that runs takes the store up.
    """
    from gateway.stores import keeping

    kept = keeping.add(config, name, country=country, timezone=timezone, if_missing=if_missing)
    told = hand_over_password(config, name, kept, show=show_password)
    there = keeping.require(kept.settings, name)
    after = spread(config, kept.settings, changed=kept.password is not None)
    if kept.added and run_async(_was_there(kept.settings, name)):
        after.notes.append(
            f"a store {name} has sent before: what becomes of its jobs is told to this one now"
        )
    if json:
        facts = {"store": name, "country": there.country, "timezone": str(there.timezone)}
        print_json({**facts, "added": kept.added, **told, **after.as_json()})
    else:
        word = "added" if kept.added else "is there already"
        print_line(f"{name} {word}: {there.country}, {there.timezone}")
        print_password(told)
    after.end()


async def _was_there(settings: Settings, name: str) -> bool:
    """Tell whether the database has jobs of an earlier store of this name."""
    from gateway.db import Reader
    from gateway.db.waiting import has_jobs
    from gateway.domain.errors import StorageError
    from gateway.domain.ids import StoreName

    with suppress(StorageError):
        async with Reader.open(settings.database.address) as reader:
            return await reader.read(lambda connection: has_jobs(connection, StoreName(name)))
    return False
