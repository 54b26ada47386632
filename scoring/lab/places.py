"""Which lake a notebook opens: the one that is named, or the demo.

``LAKE=DIR`` in the environment names a lake, or a folder with files of orders, which are imported
once. Without it there is the demo lake of `scoring.simulate`, made at the first use and kept.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from scoring.errors import ScoringError
from scoring.lake.importers import import_file
from scoring.schema import TABLES
from scoring.simulate import demo_lake

VARIABLE: Final = "LAKE"
STORE: Final = "shop"
UNKNOWN: Final = "XXX"
"""ISO 4217 for no currency: a file of order lines need not tell one."""
FORM: Final = 2
"""Rises with each change of what `scoring.simulate` makes, so that no old demo is shown."""


def lake_folder(name: str | Path | None, environ: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of the lake to open.

    Parameters
    ----------
    name : str, Path or None
        As the notebook's parameter has it; None: as the environment has it, else the demo.
    environ : mapping of str to str

    Raises
    ------
    ScoringError
        There is no such folder, or neither a lake nor a file of order lines in it.
    """
    name = name or environ.get(VARIABLE)
    if not name:
        return demo_lake(cache(environ) / f"demo-{FORM}")
    folder = Path(name).expanduser()
    if not folder.is_dir():
        raise ScoringError(f"LAKE={folder}: there is no such folder")
    if any((folder / table).is_dir() and _parquet(folder / table) for table in TABLES):
        return folder
    return _imported(folder, environ)


def cache(environ: Mapping[str, str] = os.environ) -> Path:
    """Return where lakes are kept that can be made again."""
    base = environ.get("XDG_CACHE_HOME") or Path(environ.get("HOME", "~")).expanduser() / ".cache"
    return Path(base) / "shopbell"


def _parquet(table: Path) -> bool:
    """Tell whether files lie as a lake's do; a folder of raw data may bear a table's name."""
    return (any(table.glob("*.parquet")) and table.name not in _CLOCKED) or any(
        table.glob("month=*/*.parquet")
    )


_CLOCKED: Final = frozenset(name for name, table in TABLES.items() if table.clock)


def _imported(folder: Path, environ: Mapping[str, str]) -> Path:
    """Import a folder's order lines, once for each state of the file."""
    files = sorted(folder.rglob("order_lines.*"))
    if not files:
        raise ScoringError(
            f"LAKE={folder}: neither a lake (orders/month=YYYY-MM/*.parquet) nor a file "
            "order_lines.parquet or .csv"
        )
    stat = files[0].stat()
    mark = f"{files[0].resolve()} {stat.st_size} {stat.st_mtime_ns}"
    place = cache(environ) / f"import-{hashlib.sha256(mark.encode()).hexdigest()[:12]}"
    if not (place / "orders").is_dir():
        import_file(files[0], place, store=STORE, currency=UNKNOWN)
    return place
