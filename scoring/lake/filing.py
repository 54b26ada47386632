"""Tables of the lake from what was bought, filed by months; one store's import at a time.

A store's import is the files ``import-STORE-N.parquet``: another import of the store takes their
place, and nothing else is touched.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from scoring.schema import TABLES, Table

_ORDERS: Final = """
    SELECT '{store}' AS store, order_id, any_value(person_id) AS person_id,
           min(ordered_at) AS ordered_at, min(local_at) AS local_at, kind,
           CASE WHEN any_value(order_value) IS NULL OR order_id LIKE '%:return'
                THEN sum(abs(worth))
                WHEN kind = 'return' THEN any_value(order_value)
                ELSE greatest(any_value(order_value) - coalesce(any_value(refunded), 0), 0) END
               AS value,
           any_value(currency) AS currency, round(sum(abs(quantity)))::BIGINT AS items,
           coalesce(any_value(products), greatest(count(DISTINCT product), 1))::BIGINT AS products
    FROM bought GROUP BY order_id, kind
"""

_LINES: Final = """
    SELECT '{store}' AS store, order_id, line::BIGINT AS line, person_id, ordered_at,
           product AS product_id, kind, round(abs(quantity))::BIGINT AS quantity,
           abs(worth) AS value
    FROM bought WHERE product IS NOT NULL
"""

_PRODUCTS: Final = """
    SELECT '{store}' AS store, product AS product_id, arg_max(category, ordered_at) AS category,
           arg_max(worth / quantity, ordered_at) FILTER (kind = 'sale') AS price,
           min(ordered_at) FILTER (kind = 'sale') AS first_sold_at
    FROM bought WHERE product IS NOT NULL GROUP BY product
"""

_PERSONS: Final = r"""
    SELECT '{store}' AS store, person_id,
           any_value(country) FILTER (regexp_matches(country, '^[A-Z][A-Z]$')) AS country,
           NULL::VARCHAR AS timezone, min(ordered_at) AS first_seen_at
    FROM bought GROUP BY person_id
"""

_QUERIES: Final = {
    "persons": _PERSONS,
    "orders": _ORDERS,
    "order_lines": _LINES,
    "products": _PRODUCTS,
}


def file_tables(connection: Any, folder: Path, store: str) -> dict[str, int]:
    """Write the tables of a store's import into a lake; return the rows of each.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Has the table ``bought``.
    folder : pathlib.Path
        The lake; made where it is not there.
    store : str
        Whose import it is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    counts = {}
    with _draft(folder) as draft:
        for name, query in _QUERIES.items():
            connection.execute(f"CREATE OR REPLACE TEMP TABLE filed AS {query.format(store=store)}")
            _leave_known_persons(connection, folder, name, store)
            [[counts[name]]] = connection.execute("SELECT count(*) FROM filed").fetchall()
            _write(connection, TABLES[name], draft / name)
        for name in _QUERIES:
            _put(draft / name, folder / name, store)
    return counts


def _leave_known_persons(connection: Any, folder: Path, name: str, store: str) -> None:
    """Leave out whom another file of the lake names already: a person has one row."""
    if name != "persons":
        return
    others = [str(file) for file in (folder / name).glob("*.parquet") if not _is_of(file, store)]
    if others:
        connection.read_parquet(others, union_by_name=True).create_view("others")
        connection.execute(
            "DELETE FROM filed WHERE (store, person_id) IN (SELECT (store, person_id) FROM others)"
        )
        connection.execute("DROP VIEW others")


@contextmanager
def _draft(folder: Path) -> Iterator[Path]:
    """Make a folder beside the tables, so that putting its files in place is one rename each."""
    draft = Path(tempfile.mkdtemp(prefix=".import-", dir=folder))
    try:
        yield draft
    finally:
        shutil.rmtree(draft)


def _write(connection: Any, table: Table, place: Path) -> None:
    if table.clock is None:
        place.mkdir()
        connection.execute(f"COPY filed TO '{place}/data_0.parquet' (FORMAT parquet)")
        return
    month = f"strftime({table.clock}, '%Y-%m')"
    connection.execute(
        f"COPY (SELECT *, {month} AS month FROM filed ORDER BY month) TO '{place}' "  # noqa: S608
        "(FORMAT parquet, PARTITION_BY (month))"
    )


def _put(draft: Path, place: Path, store: str) -> None:
    """Move new files over old ones, then delete old ones that have no successor.

    What a gateway's export leaves in a table without rows goes too, once there are some.
    """
    written = set()
    for number, file in enumerate(sorted(draft.rglob("*.parquet"))):
        target = place / file.relative_to(draft).parent / f"import-{store}-{number}.parquet"
        target.parent.mkdir(parents=True, exist_ok=True)
        file.replace(target)
        written.add(target)
    if written:
        for blank in place.rglob("empty.parquet"):
            blank.unlink()
    for file in place.rglob(f"import-{store}-*.parquet"):
        if file not in written and _is_of(file, store):
            file.unlink()


def _is_of(file: Path, store: str) -> bool:
    """Tell whether a file is of this store, and not of one whose name begins alike."""
    return file.stem.rpartition("-")[0] == f"import-{store}"
