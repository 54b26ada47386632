"""Importers: a shop's own file becomes the tables of a lake, so that `scoring` needs no gateway.

Not responsible for shapes of files (`scoring.lake.shapes`), for cells (`scoring.lake.reading`),
nor for what counts as an order (`scoring.lake.buying`): here they come together.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from scoring.engine.duck import without_bar
from scoring.errors import ScoringError
from scoring.lake.buying import settle
from scoring.lake.filing import file_tables
from scoring.lake.persons import (
    Number,
    check_key,
    key_file,
    load_key,
    plain_number,
    pseudonymise,
)
from scoring.lake.reading import open_source, read_rows

_STORE: Final = re.compile(r"[a-z0-9-]{1,32}\Z")


@dataclass(frozen=True, kw_only=True, slots=True)
class Imported:
    """What an import did.

    Attributes
    ----------
    shape : str
        For what the file was taken.
    rows : mapping of str to int
        Rows of each table that were written.
    key : pathlib.Path
        The file with the key of the pseudonyms: keep it, and keep it from who has the lake.
    remarks : tuple of str
        What was left out and why; one sentence each.
    """

    shape: str
    rows: Mapping[str, int]
    key: Path
    remarks: tuple[str, ...]


def import_file(
    file: str | Path,
    folder: str | Path,
    *,
    store: str,
    columns: Mapping[str, str] | None = None,
    currency: str | None = None,
    timezone: str | None = None,
    dates: str | None = None,
    key: str | Path | None = None,
    number: Number = plain_number,
) -> Imported:
    r"""Import a shop's orders or order lines into a lake; an earlier import of the store goes.

    Parameters
    ----------
    file : path-like
        CSV with a header, or Parquet: a row is an order's line, or an order.
    folder : path-like
        The lake; made where it is not there.
    store : str
        The shop's name: up to 32 of ``a-z0-9-``.
    columns : mapping of str to str, optional
        Which column is what, from the words of `scoring.lake.shapes.MEANINGS` to the file's own
        names; by default the shape is recognised.
    currency : str, optional
        Of all values, where no column tells it; ISO 4217.
    timezone : str, optional
        In which times without a zone are written, and on whose wall clock persons live; by
        default UTC.
    dates : str, optional
        How dates are written, as strptime has it; by default ISO 8601.
    key : path-like, optional
        The file with the key of the pseudonyms; by default ``LAKE.key`` beside the lake. With a
        gateway's key, persons who are named by their phones are the gateway's persons.
    number : callable, optional
        Reads a phone and gives it in E.164, or None; by default it knows E.164 alone.

    Returns
    -------
    Imported
        What was written, and what was left out.

    Raises
    ------
    ScoringError
        The file cannot be read, or contradicts itself; nothing was written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     file = Path(place) / "shop.csv"
    ...     _ = file.write_text("order,customer,date,total\n1,ann,2011-09-10,12.50\n")
    ...     done = import_file(file, Path(place) / "lake", store="acme", currency="EUR")
    >>> done.rows["orders"]
    1
    """
    if not _STORE.match(store):
        raise ScoringError(f"{store!r} is no name of a store; right: 1 to 32 of a-z, 0-9 and -")
    folder = Path(folder)
    secret = Path(key) if key is not None else key_file(folder)
    if secret.resolve().is_relative_to(folder.resolve()):
        raise ScoringError(f"the key {secret} would lie in the lake; right: beside it")
    with _engine() as connection:
        source = open_source(
            connection, Path(file), columns=columns, timezone=timezone, dates=dates
        )
        read_rows(connection, source)
        secret.parent.mkdir(parents=True, exist_ok=True)
        known = load_key(secret)
        check_key(folder, known, secret)
        phones = pseudonymise(connection, store, known, number)
        remarks = [*filter(None, [phones]), *settle(connection, source.shape, currency)]
        rows = file_tables(connection, folder, store)
    return Imported(shape=source.shape.name, rows=rows, key=secret, remarks=tuple(remarks))


def _engine() -> Any:
    connection = without_bar(duckdb.connect())
    connection.execute("SET TimeZone = 'UTC'")
    return connection
