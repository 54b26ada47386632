"""``shopbell backup``: one file from which a box can be made again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import print_json, print_line

SERVER: Final = (
    "the database is on a PostgreSQL server, of which its own programs make backups: "
    "pg_dump --format=custom --file=FILE NAME; keep the key file {keys} with it, which no dump "
    "holds (docs/backup.md)"
)


def backup(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="What is written; it is as secret as the box.")
    ],
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Copy database, keys and configuration into one file, also while a gateway runs.

    What is secret in the configuration is left out of it. `shopbell restore FILE` puts it back.
    """
    from gateway.app.backups import source_of
    from gateway.backup.errors import BackupError
    from gateway.backup.making import make_backup
    from gateway.domain.clock import SystemClock
    from gateway.domain.modesty import be_modest
    from gateway.settings import arm_failpoint, load

    arm_failpoint()
    settings = load(config)
    source = source_of(settings, config)
    if source is None:
        raise BackupError(SERVER.format(keys=settings.database.key_path))
    be_modest()
    manifest = make_backup(source(), file, SystemClock().now(), force=force)
    size = file.stat().st_size
    if json:
        print_json(
            {
                "file": str(file),
                "size": size,
                "copied_at": manifest.copied_at,
                "schema": manifest.schema,
                "counts": manifest.counts,
                "configuration": "shopbell.toml" in manifest.members,
                "keys": "shopbell.key" in manifest.members,
            }
        )
        return
    rows = ", ".join(f"{count:,} {name}" for name, count in manifest.counts.items())
    print_line(f"{file}: {size / 1e6:,.1f} MB, checked; schema {manifest.schema}; {rows}")
