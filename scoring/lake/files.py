"""The files of a lake: which there are, and of which months.

Not responsible for what is in them (`scoring.lake.door`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from scoring.errors import LakeError
from scoring.schema import Table

_MONTH: Final = re.compile(r"month=(\d{4})-(0[1-9]|1[0-2])\Z")


def find_files(folder: Path, table: Table) -> list[Path]:
    """Return a table's Parquet files in a lake, sorted; none where it is absent.

    Raises
    ------
    LakeError
        A file lies in a folder that is no month, or in none though the table has a clock.
    """
    place = folder / table.name
    files = [] if not place.is_dir() else sorted(file for file in place.rglob("*.parquet"))
    files = [file for file in files if not file.name.startswith(".")]
    for file in files:
        _require_place(file.relative_to(folder), table)
    return files


def _require_place(file: Path, table: Table) -> None:
    inside = file.parts[1:-1]
    if table.clock is None and inside:
        right = f"{table.name}/{file.name}"
    elif table.clock is not None and (len(inside) != 1 or not _MONTH.match(inside[0])):
        right = f"{table.name}/month=YYYY-MM/{file.name}"
    else:
        return
    raise LakeError(table.name, None, f"the file {file} lies in the wrong folder; right: {right}")


def month_of(file: Path) -> tuple[int, int]:
    """Return the year and month of a file of a table with a clock.

    Examples
    --------
    >>> month_of(Path("orders/month=2011-09/part.parquet"))
    (2011, 9)
    """
    found = _MONTH.match(file.parent.name)
    if found is None:
        raise ValueError(f"{file} lies in no month")
    return int(found[1]), int(found[2])


def missing_months(months: Sequence[tuple[int, int]]) -> list[str]:
    """Return the months between the first and the last that have no file.

    Examples
    --------
    >>> missing_months([(2010, 11), (2011, 2)])
    ['2010-12', '2011-01']
    """
    if not months:
        return []
    there = set(months)
    return [f"{y}-{m:02d}" for y, m in _between(min(there), max(there)) if (y, m) not in there]


def _between(first: tuple[int, int], last: tuple[int, int]) -> Iterator[tuple[int, int]]:
    for count in range(first[0] * 12 + first[1] - 1, last[0] * 12 + last[1]):
        yield count // 12, count % 12 + 1
