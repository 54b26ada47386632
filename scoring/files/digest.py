"""The hash of the data that a model was made from, so that a card can be held against a lake."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


def digest_of(folder: Path, tables: Iterable[str]) -> str:
    """Return a hash of the files of some tables of a lake: names and contents.

    Parameters
    ----------
    folder : Path
        The lake.
    tables : iterable of str
        Names of its tables; one that is absent counts as empty.

    Returns
    -------
    str
        64 hexadecimal digits (BLAKE2b, 256 bits).

    Examples
    --------
    >>> digest_of(Path("/nowhere"), ["orders"])[:8]
    '0e5751c0'
    """
    whole = hashlib.blake2b(digest_size=32)
    for table in sorted(tables):
        for file in sorted((folder / table).rglob("*.parquet")):
            whole.update(str(file.relative_to(folder)).encode())
            with file.open("rb") as opened:
                whole.update(hashlib.file_digest(opened, hashlib.blake2b).digest())
    return whole.hexdigest()
