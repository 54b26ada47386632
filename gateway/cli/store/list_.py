"""``shopbell store list``: the stores there are."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import new_table, print_json, print_line, print_table

if TYPE_CHECKING:
    from gateway.domain.ids import StoreName
    from gateway.settings import Settings


def list_stores(config: Config = DEFAULT_CONFIG, json: Json = False) -> None:
    """Show the stores of the configuration.

    With whether each has a password for the broker, and how many of its jobs wait.
    """
    from gateway.settings import load
    from gateway.stores.book import Book

    settings = load(config)
    book = Book(config)
    waiting = run_async(_waiting(settings))
    listed = [
        {
            "store": store.name,
            "country": store.country,
            "timezone": str(store.timezone),
            "password": store.name in book,
            "waiting": None if waiting is None else waiting.get(store.name, 0),
        }
        for store in settings.store
    ]
    if json:
        for store in listed:
            print_json(store)
    elif listed:
        _print_table(listed)
    else:
        print_line("there is no store; `shopbell store add NAME` makes one")


async def _waiting(settings: Settings) -> dict[StoreName, int] | None:
    """Return how many jobs of each store wait; None where there is no database to ask."""
    from gateway.db import Reader
    from gateway.db.waiting import count_waiting
    from gateway.domain.errors import StorageError

    with suppress(StorageError):
        async with Reader.open(settings.database.address) as reader:
            return await reader.read(count_waiting)
    return None


def _print_table(listed: list[dict[str, Any]]) -> None:
    table = new_table("Store", "Country", "Time zone", "Password", "Jobs waiting")
    for store in listed:
        table.add_row(
            store["store"],
            store["country"],
            store["timezone"],
            "yes" if store["password"] else "none yet",
            "" if store["waiting"] is None else str(store["waiting"]),
        )
    print_table(table)
