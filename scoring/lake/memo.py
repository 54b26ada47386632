"""What was found right before: files that have not changed since are not checked again.

Kept in ``.checked.json`` in the lake; where that cannot be written, every opening checks anew.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from scoring.schema import VERSION, Table

NAME: Final = ".checked.json"

_RULES: Final = 1
"""Rises with each change of what is checked."""


def fingerprint(folder: Path, files: Sequence[Path]) -> str:
    """Return what changes when one of the files does: from names, sizes and times."""
    digest = hashlib.sha256(f"{VERSION} {_RULES}".encode())
    for file in files:
        stat = file.stat()
        digest.update(f"\n{file.relative_to(folder)} {stat.st_size} {stat.st_mtime_ns}".encode())
    return digest.hexdigest()


def recall(folder: Path, table: Table, mark: str) -> dict[str, bool] | None:
    """Return what was found in files of this fingerprint; None when they were not checked yet."""
    entry = _read(folder).get(table.name)
    if not isinstance(entry, dict) or entry.get("files") != mark:
        return None
    stores = entry.get("stores")
    return stores if isinstance(stores, dict) else None


def remember(folder: Path, table: Table, mark: str, stores: dict[str, bool]) -> None:
    """Keep what was found."""
    known = _read(folder) | {table.name: {"files": mark, "stores": stores}}
    draft = folder / f"{NAME}.{os.getpid()}"
    with suppress(OSError):
        draft.write_text(json.dumps(known))
        draft.replace(folder / NAME)


def _read(folder: Path) -> dict[str, Any]:
    with suppress(OSError, ValueError):
        known = json.loads((folder / NAME).read_text())
        if isinstance(known, dict):
            return known
    return {}
