"""``shopbell person export``: everything that is kept of a person, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config
from gateway.cli.output import print_line, remark
from gateway.cli.person.lakes import rows_of_lakes
from gateway.cli.person.options import Lakes, Number, Store

if TYPE_CHECKING:
    from gateway.settings import Settings


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
        from gateway.dispatch.rights.access import portable_table

        _write(portable_table(document), out)
    else:
        _write(json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n", out)


async def _document(
    settings: Settings, number: str, store: str | None, lakes: Sequence[Path]
) -> Mapping[str, Any]:
    from gateway.consent.retention import Periods
    from gateway.control.exports import export_of
    from gateway.control.seeking import sought_of
    from gateway.db import Reader
    from gateway.db.keeping import require_keys
    from gateway.domain.clock import SystemClock

    periods, now = Periods(**settings.retention.model_dump()), SystemClock().now()
    async with Reader.open(settings.database.address) as reader:
        keys = await reader.read(lambda c: require_keys(c, settings.database.key_path))
        sought = sought_of(settings, number, store, keys)
        lake = rows_of_lakes(sought, lakes) if lakes else None
        return await reader.read(
            lambda connection: export_of(connection, sought, lake, periods=periods, now=now)
        )


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
