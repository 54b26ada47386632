"""A shop's file as typed rows in an engine: what each column says, or one clear sentence.

Not responsible for what the rows mean together (`scoring.lake.buying`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import duckdb

from scoring.errors import ScoringError
from scoring.lake.shapes import Shape, mapped, recognise, unknown

_NUMBERS: Final = ("quantity", "price", "value", "order_value", "refunded", "products", "line")
_FIRST: Final = "1970-01-01"
"""No shop's order is older; a date before it is a mistake."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A file and how it is to be read.

    Attributes
    ----------
    file : pathlib.Path
        CSV with a header, or Parquet.
    shape : Shape
        What its columns are.
    timezone : str
        In which its times are written, where they carry no zone; also the persons' wall clock.
    dates : str or None
        How its dates are written, as strptime has it; None: ISO 8601.
    """

    file: Path
    shape: Shape
    timezone: str
    dates: str | None = None


def open_source(
    connection: Any,
    file: Path,
    *,
    columns: Mapping[str, str] | None = None,
    timezone: str | None = None,
    dates: str | None = None,
) -> Source:
    """Open a file as the view ``raw`` and tell its shape.

    Raises
    ------
    ScoringError
        It cannot be read, or which column is what cannot be told.
    """
    names = _open(connection, file)
    shape = mapped(columns, names) if columns else recognise(names)
    if shape is None:
        raise unknown(names)
    zone = timezone or shape.timezone or "UTC"
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:
        raise ScoringError(
            f"there is no time zone {zone!r}; right: such as Europe/London"
        ) from error
    return Source(file=file, shape=shape, timezone=zone, dates=dates)


def _open(connection: Any, file: Path) -> list[str]:
    if not file.is_file():
        raise ScoringError(f"there is no file {file}")
    try:
        if file.suffix.lower() == ".parquet":
            rows = connection.read_parquet(str(file))
        else:
            rows = connection.read_csv(str(file), all_varchar=True, header=True)
        rows.create_view("raw")
        return list(rows.columns)
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise ScoringError(
            f"{file} cannot be read as {file.suffix or 'CSV'}; right: UTF-8 CSV with a header, or "
            f"Parquet ({reason})"
        ) from error


def read_rows(connection: Any, source: Source) -> None:
    """Make the table ``rows`` of ``raw``: its columns under our words, with types.

    Times become ``at``, an instant, and ``local_at``, on the wall clock of the source's zone.

    Raises
    ------
    ScoringError
        A cell is not what its column should be; the sentence names the column, and one such cell.
    """
    _check_cells(connection, source)
    chosen = [f'{_cell(source, what)} AS "{what}"' for what in _words(source)]
    chosen += [f"{_instant(source)} AS instant", "row_number() OVER () AS place"]
    chosen += [] if "phone" in _words(source) else ["NULL::VARCHAR AS phone"]
    connection.execute(f"CREATE TEMP TABLE typed AS SELECT {', '.join(chosen)} FROM raw")  # noqa: S608
    zone = source.timezone
    connection.execute(
        'CREATE TEMP TABLE rows AS SELECT * EXCLUDE ("at"), '  # noqa: S608
        f"timezone('{zone}', instant) AS local_at FROM typed"
    )
    connection.execute("DROP TABLE typed")


def _words(source: Source) -> list[str]:
    return list(source.shape.columns)


def _text(source: Source, what: str) -> str:
    name = source.shape.columns[what].replace('"', '""')
    return f"""nullif(trim(CAST("{name}" AS VARCHAR)), '')"""


def _cell(source: Source, what: str) -> str:
    text = _text(source, what)
    if what in _NUMBERS:
        return f"TRY_CAST({text} AS DOUBLE)"
    if what in ("person", "phone", "order", "product"):
        # A number that went through a spreadsheet or a data frame has become 13085.0.
        return f"regexp_replace({text}, '^(\\d+)\\.0$', '\\1')"
    return text


def _instant(source: Source) -> str:
    """Return the expression of the instant; null where the cell holds none."""
    text, zone = _text(source, "at"), source.timezone
    if source.dates is not None:
        form = source.dates.replace("'", "''")
        return f"timezone('{zone}', try_strptime({text}, '{form}'))"
    # A zone at the end makes it an instant; without one it is the shop's wall clock.
    zoned = f"regexp_matches({text}, '(Z|UTC|[+-]\\d\\d:?\\d\\d|:\\d\\d[+-]\\d\\d)$')"
    return (
        f"CASE WHEN {zoned} THEN TRY_CAST(regexp_replace({text}, ' ?([+-]\\d\\d):?(\\d\\d)$', "
        f"'\\1:\\2') AS TIMESTAMPTZ) ELSE timezone('{zone}', TRY_CAST({text} AS TIMESTAMP)) END"
    )


def _check_cells(connection: Any, source: Source) -> None:
    for what in _words(source):
        text = _text(source, what)
        if what in _NUMBERS:
            wrong = f"NOT coalesce(isfinite({_cell(source, what)}), false)"
            _refuse(connection, source, what, wrong, "a number such as 12.50")
        if what == "at":
            wrong = f"({_instant(source)} IS NULL OR {_instant(source)} < DATE '{_FIRST}')"
            _refuse(connection, source, what, wrong, _right_date(source))
        if what in ("order", "at"):
            _refuse(connection, source, what, f"{text} IS NULL", "no cell empty", empty=True)


def _right_date(source: Source) -> str:
    if source.dates is not None:
        return f"a date of the form {source.dates}"
    return "2011-09-10 08:15:00, or say how dates are written with --dates, as '%d/%m/%Y %H:%M'"


def _refuse(
    connection: Any, source: Source, what: str, wrong: str, right: str, *, empty: bool = False
) -> None:
    text = _text(source, what)
    where = wrong if empty else f"{text} IS NOT NULL AND {wrong}"
    query = f"SELECT count(*), min({text}) FROM raw WHERE {where}"  # noqa: S608
    [[count, example]] = connection.execute(query).fetchall()
    if count:
        column = source.shape.columns[what]
        shown = "are empty" if empty else f"cannot be read, such as {example!r}"
        raise ScoringError(
            f"{source.file}: column {column}: {count:,} cells {shown}; right: {right}"
        )
