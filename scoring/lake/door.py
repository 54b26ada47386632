"""The check at the door: a table is as `scoring.schema` says, or the first fault is named.

Types come from the files' own metadata, the rest from one aggregate query and one look at the
keys; files that were found right are not looked at again until they change (`scoring.lake.memo`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scoring.engine import EngineSettings
from scoring.engine.duck import database
from scoring.lake.columns import check_columns
from scoring.lake.files import missing_months, month_of
from scoring.lake.keys import check_keys
from scoring.lake.memo import fingerprint, recall, remember
from scoring.lake.rows import check_rows
from scoring.schema import Table


@dataclass(frozen=True, kw_only=True, slots=True)
class Findings:
    """What is worth knowing of a table in which nothing is wrong.

    Attributes
    ----------
    stores : tuple of str
        Those that have rows in it, sorted.
    clockless : frozenset of str
        Those among them whose every ``local_at`` is midnight.
    remarks : tuple of str
        One sentence each.
    """

    stores: tuple[str, ...] = ()
    clockless: frozenset[str] = frozenset()
    remarks: tuple[str, ...] = ()


def check_table(
    folder: Path, table: Table, files: Sequence[Path], settings: EngineSettings
) -> Findings:
    """Check the files of a table.

    Raises
    ------
    LakeError
        Something is not as the schema says.
    """
    if not files:
        return Findings()
    mark = fingerprint(folder, files)
    stores = recall(folder, table, mark)
    if stores is None:
        for file in files:
            check_columns(table, file)
        stores = _check_content(table, files, settings)
        remember(folder, table, mark, stores)
    return _findings(table, files, stores)


def _check_content(
    table: Table, files: Sequence[Path], settings: EngineSettings
) -> dict[str, bool]:
    with database(settings) as connection:
        rows = connection.read_parquet(
            [str(file) for file in files], hive_partitioning=False, union_by_name=True
        )
        rows.create_view("rows")
        stores = check_rows(connection, table)
        check_keys(connection, table)
    return stores


def _findings(table: Table, files: Sequence[Path], stores: dict[str, bool]) -> Findings:
    clockless = frozenset(store for store, without in stores.items() if without)
    remarks = [
        f"{table.name}.local_at: the dates of store {store} have no clock: its orders count by "
        "their days, and hours are not learned from them"
        for store in sorted(clockless)
    ]
    gaps = [] if table.clock is None else missing_months([month_of(file) for file in files])
    if gaps:
        remarks.append(f"{table.name}: there is no file of {_list(gaps)}: taken as months without")
    return Findings(stores=tuple(sorted(stores)), clockless=clockless, remarks=tuple(remarks))


def _list(months: Sequence[str]) -> str:
    shown = ", ".join(months[:3])
    return shown if len(months) <= 3 else f"{shown} and {len(months) - 3} more"
