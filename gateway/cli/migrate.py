"""``shopbell migrate``: bring the schema up to date while no gateway runs, with a copy first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import print_json, print_line

if TYPE_CHECKING:
    from gateway.db.migrate import Standing
    from gateway.settings import Settings

Check = Annotated[
    bool, typer.Option("--check", help="Only say what would be done; 1 when something would.")
]


def migrate(check: Check = False, config: Config = DEFAULT_CONFIG, json: Json = False) -> None:
    """Bring the database up to date while no gateway runs.

    A backup is made first, into the folder of [backup] or beside the database. `run` does the same
    without one.
    """
    from gateway.db.lock import require_unused
    from gateway.db.migrate import standing_of
    from gateway.settings import load

    settings = load(config)
    standing = standing_of(settings.database.address)
    if check or standing.waiting == 0:
        _tell(standing, None, json=json, done=False)
        raise typer.Exit(1 if standing.waiting else 0)
    require_unused(settings.database.url)
    copy = _copy(settings, config)
    run_async(_open(settings))
    _tell(standing, copy, json=json, done=True)


def _copy(settings: Settings, config: Path) -> Path | None:
    """Make a backup and return its file; None where the database is a server's."""
    from gateway.app.backups import source_of
    from gateway.backup.folder import name_of
    from gateway.backup.making import make_backup
    from gateway.domain.clock import SystemClock

    source = source_of(settings, config)
    if source is None:
        return None
    now, folder = SystemClock().now(), settings.backup.dir or settings.database.beside.parent
    folder.mkdir(mode=0o700, exist_ok=True)
    file = folder / name_of(settings.gateway.node, now)
    make_backup(source(), file, now)
    return file


async def _open(settings: Settings) -> None:
    """Open the database as a gateway does, which brings it up to date, and close it."""
    from gateway.app.opening import open_database

    async with open_database(settings):
        pass


def _tell(standing: Standing, copy: Path | None, *, json: bool, done: bool) -> None:
    if json:
        document = {"schema": standing.revision, "newest": standing.newest, "done": done}
        print_json(document | {"waiting": standing.waiting, "copy": copy and str(copy)})
        return
    before = standing.revision or "no tables"
    if not standing.waiting:
        print_line(f"the schema is this version's ({standing.newest}); nothing is to be done")
    elif done:
        print_line(f"the schema was {before} and is {standing.newest}")
        print_line(
            f"as it was before: {copy}" if copy else "a server's own backup is yours to make"
        )
    else:
        print_line(f"the schema is {before}, and this version's {standing.newest}: ask `migrate`")
