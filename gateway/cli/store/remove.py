"""``shopbell store remove``: a store less."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import print_json, print_line
from gateway.cli.store.options import Name
from gateway.cli.store.spreading import spread

if TYPE_CHECKING:
    from gateway.db.waiting import Waiting
    from gateway.settings import Settings

SHOWN: Final = 5
"""Jobs that are named; `shopbell messages --store NAME` shows them all."""


def remove(
    name: Name,
    force: Annotated[
        bool, typer.Option("--force", help="Though jobs of it wait; they go out all the same.")
    ] = False,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Take a store out of the configuration, and its user from the broker.

    Refused while jobs of it wait. What it sent stays in the database.
    """
    from gateway.settings import load
    from gateway.stores import keeping

    settings = load(config)
    keeping.require(settings, name)
    waiting = run_async(_waiting(settings, name))
    if waiting.count and not force:
        raise _busy(name, waiting)
    kept = keeping.remove(config, name)
    after = spread(config, kept.settings)
    if waiting.count:
        after.notes.append(
            f"{_jobs(waiting)}: they go out all the same, and nobody is told of them"
        )
    if json:
        print_json({"store": name, "removed": True, "waiting": waiting.count, **after.as_json()})
    else:
        print_line(f"{name} removed")
    after.end()


async def _waiting(settings: Settings, name: str) -> Waiting:
    from gateway.db import Reader
    from gateway.db.waiting import Waiting, waiting_jobs
    from gateway.domain.ids import StoreName

    if not settings.database.may_exist:
        return Waiting(count=0, first=())
    async with Reader.open(settings.database.address) as reader:
        return await reader.read(
            lambda connection: waiting_jobs(connection, StoreName(name), SHOWN)
        )


def _busy(name: str, waiting: Waiting) -> Exception:
    from gateway.domain.errors import RejectedError

    return RejectedError(
        "jobs_waiting",
        f"{name} has {_jobs(waiting)}; let them go out or cancel them, or remove it with --force: "
        "they then go out, and nobody is told of them",
        field="name",
    )


def _jobs(waiting: Waiting) -> str:
    more = ", …" if waiting.count > len(waiting.first) else ""
    noun = "job that waits" if waiting.count == 1 else "jobs that wait"
    return f"{waiting.count} {noun} ({', '.join(waiting.first)}{more})"
