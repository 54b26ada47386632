"""``shopbell consent export``: the ledger, or what it proves of one person, as a file."""

from __future__ import annotations

import csv
import json as json_module
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from gateway.cli.consent.who import StoreName, asked_stores
from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config
from gateway.cli.output import print_line, remark

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection

    from gateway.settings import Settings

_COLUMNS: Final = (
    *("key", "store", "person", "number", "purpose", "action", "basis", "method", "confirmed"),
    *("at", "until", "text_version", "text_digest", "text", "language", "source", "actor"),
    *("evidence", "recorded_at"),
)


def export(
    file: Annotated[
        Path, typer.Argument(help="NAME.csv, NAME.json (one list) or NAME.jsonl.", writable=False)
    ],
    store: StoreName = None,
    person: Annotated[
        str | None,
        typer.Option(metavar="NUMBER|PERSON", help="Only of this one: the proof for one person."),
    ] = None,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Write who allowed what, when, how and to which wording; also while the gateway runs.

    Numbers stand in it only of those whose store still names them; the ledger itself has none.
    """
    from gateway.settings import load

    if file.suffix not in _WRITERS:
        raise typer.BadParameter(f"{file.name}: right: a name that ends in {', '.join(_WRITERS)}")
    count = run_async(_export(load(config), file, store, person))
    print_line(f"{file}: {count:,} rows of the ledger")
    if not count:
        remark("nothing is recorded that fits")


async def _export(settings: Settings, file: Path, store: str | None, person: str | None) -> int:
    from gateway.db import Reader

    stores = asked_stores(settings, store)
    country = stores[0].country if stores else settings.gateway.country

    def write(connection: Connection) -> int:
        rows = _Rows(connection, settings, store).read(person, country)
        draft = file.with_name(f".{file.name}.draft")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as sink:
                count: int = _WRITERS[file.suffix](sink, rows)
            draft.replace(file)
        finally:
            draft.unlink(missing_ok=True)
        return count

    async with Reader.open(settings.database.address) as reader:
        return await reader.read(write)


class _Rows:
    """Reads rows of the ledger with what is known beside them."""

    def __init__(self, connection: Connection, settings: Settings, store: str | None) -> None:
        self._connection = connection
        self._settings = settings
        self._store = store
        self._wordings: dict[str, str | None] = {}

    def read(self, person: str | None, country: str) -> Iterator[Mapping[str, Any]]:
        """Yield all rows, or those of one person."""
        from gateway.consent.account import find_persons
        from gateway.db.consent import all_events, events_of, stores_of
        from gateway.db.keeping import require_keys
        from gateway.domain.ids import StoreName as Name

        if person is None:
            found = all_events(self._connection, None if self._store is None else Name(self._store))
        else:
            keys = require_keys(self._connection, self._settings.database.key_path)
            persons = find_persons(self._connection, person, keys, country)
            found = (
                one
                for name in stores_of(self._connection, persons)
                if self._store in (None, name)
                for one in events_of(self._connection, name, persons)
            )
        for one in found:
            yield self._row(one)

    def _row(self, one: Any) -> Mapping[str, Any]:
        from gateway.db.persons import find_person
        from gateway.domain.consent_document import event_document

        known = find_person(self._connection, one.event.store, [one.event.person])
        return {
            **event_document(one.event),
            "key": one.key,
            "number": None if known is None else known.number,
            "text": self._wording(one.event.text_digest),
            "recorded_at": one.recorded_at.isoformat(),
        }

    def _wording(self, digest: str | None) -> str | None:
        from gateway.db.wordings import find_wording

        if digest is None:
            return None
        if digest not in self._wordings:
            self._wordings[digest] = find_wording(self._connection, digest)
        return self._wordings[digest]


def _write_csv(sink: Any, rows: Iterator[Mapping[str, Any]]) -> int:
    writer = csv.DictWriter(sink, _COLUMNS)
    writer.writeheader()
    count = 0
    for row in rows:
        evidence = json_module.dumps(row["evidence"], ensure_ascii=False) if row["evidence"] else ""
        writer.writerow({key: row[key] for key in _COLUMNS} | {"evidence": evidence})
        count += 1
    return count


def _write_lines(sink: Any, rows: Iterator[Mapping[str, Any]]) -> int:
    count = 0
    for row in rows:
        sink.write(json_module.dumps({key: row[key] for key in _COLUMNS}, ensure_ascii=False))
        sink.write("\n")
        count += 1
    return count


def _write_list(sink: Any, rows: Iterator[Mapping[str, Any]]) -> int:
    count = 0
    for row in rows:
        sink.write("[\n" if count == 0 else ",\n")
        sink.write(json_module.dumps({key: row[key] for key in _COLUMNS}, ensure_ascii=False))
        count += 1
    sink.write("\n]\n" if count else "[]\n")
    return count


_WRITERS: Final = {".csv": _write_csv, ".json": _write_list, ".jsonl": _write_lines}
