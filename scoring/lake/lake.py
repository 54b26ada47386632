"""A lake opened for reading: its tables on an engine, each checked before it is first given out.

Not responsible for what is right (`scoring.schema`) nor for how that is checked
(`scoring.lake.door`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import ibis

from scoring.engine import EngineSettings, close, connect, empty_table, read_parquet
from scoring.errors import LakeError
from scoring.lake.door import Findings, check_table
from scoring.lake.files import find_files, month_of
from scoring.schema import TABLES, Table, Type

NEEDED: Final = frozenset({"orders"})
"""Tables without which nothing can be said; any other that is absent is empty."""

_TYPES: Final = {
    Type.STRING: "string",
    Type.INTEGER: "int64",
    Type.NUMBER: "float64",
    Type.FLAG: "boolean",
    Type.INSTANT: "timestamp('UTC', 6)",
    Type.LOCAL: "timestamp(6)",
}


class Lake:
    """A folder of Parquet files as `scoring.schema` describes them.

    Parameters
    ----------
    folder : path-like
        Holds ``orders/month=2011-09/*.parquet`` and so on.
    engine : str, default "duckdb"
        See `scoring.engine.ENGINES`.
    settings : EngineSettings, optional
        Limits of the engine.

    Attributes
    ----------
    folder : pathlib.Path
        As given.
    connection : ibis.backends.BaseBackend
        The engine, for what is computed from the tables.

    Raises
    ------
    LakeError
        There is no such folder.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     Lake(folder).table("clicks").count().to_pyarrow().as_py()
    0
    """

    def __init__(
        self,
        folder: str | Path,
        engine: str = "duckdb",
        *,
        settings: EngineSettings | None = None,
    ) -> None:
        self.folder = Path(folder)
        if not self.folder.is_dir():
            raise LakeError("lake", None, f"there is no folder {self.folder}; {_REMEDY}")
        self.connection = connect(engine, settings)
        self._settings = settings or EngineSettings()
        self._tables: dict[str, Any] = {}
        self._findings: dict[str, Findings] = {}

    def table(self, name: str) -> Any:
        """Return a table; at its first use it is checked.

        Parameters
        ----------
        name : str
            One of `scoring.schema.TABLES`.

        Returns
        -------
        ibis.expr.types.Table
            With the columns of the schema, in its order; empty where the lake has no such table.

        Raises
        ------
        LakeError
            It is not as the schema says, or it is absent and nothing can be said without it.
        KeyError
            The schema has no such table.
        """
        table = TABLES[name]
        if name not in self._tables:
            self.findings(name)
            self._tables[name] = self._open(table)
        return self._tables[name]

    def findings(self, name: str) -> Findings:
        """Check a table and return what was found, such as stores whose dates lack a clock.

        Raises
        ------
        LakeError
            It is not as the schema says, or it is absent and nothing can be said without it.
        """
        if name not in self._findings:
            table = TABLES[name]
            files = find_files(self.folder, table)
            if not files and name in NEEDED:
                raise LakeError(name, None, f"{self.folder} has no such table; {_REMEDY}")
            self._findings[name] = check_table(self.folder, table, files, self._settings)
        return self._findings[name]

    def check(self) -> tuple[str, ...]:
        """Check every table; return what is worth knowing though nothing is wrong, as sentences.

        Raises
        ------
        LakeError
            The first that is not as the schema says.
        """
        return tuple(remark for name in TABLES for remark in self.findings(name).remarks)

    @property
    def clockless(self) -> frozenset[str]:
        """Stores whose orders have dates without a clock: their hours mean nothing."""
        return self.findings("orders").clockless

    @property
    def stores(self) -> tuple[str, ...]:
        """Stores that have orders, sorted."""
        return self.findings("orders").stores

    def months(self, name: str) -> tuple[tuple[int, int], ...]:
        """Return the years and months of which a table with a clock has files."""
        return tuple(sorted({month_of(file) for file in find_files(self.folder, TABLES[name])}))

    def close(self) -> None:
        """Give back what the engine holds; its tables cannot be used any more."""
        close(self.connection)

    def __enter__(self) -> Lake:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open(self, table: Table) -> Any:
        files = find_files(self.folder, table)
        names = [column.name for column in table.columns]
        if files:
            return read_parquet(self.connection, files, names)
        types = {column.name: _TYPES[column.type] for column in table.columns}
        return empty_table(self.connection, ibis.schema(types))


_REMEDY: Final = (
    "`shopbell lake export` makes a lake from a gateway, `shopbell lake import` from a shop's file"
)
