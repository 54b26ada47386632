"""Persons of a shop's file under their pseudonyms, and the key that makes these.

The key lies beside the lake, never in it: who has both can try out names until one fits.
"""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from scoring.errors import ScoringError
from scoring.pseudonym import pseudonym

KEY_OCTETS: Final = 32

_NUMBER: Final = re.compile(r"\+[1-9]\d{6,14}\Z")


def key_file(folder: Path) -> Path:
    """Return where the key of a lake lies: beside it.

    Examples
    --------
    >>> key_file(Path("/data/lake")).name
    'lake.key'
    """
    place = folder.resolve()
    return place.with_name(f"{place.name}.key")


def load_key(file: Path) -> bytes:
    """Return the key of a file; one that is absent is made, for its owner alone.

    Raises
    ------
    ScoringError
        The file holds no key.
    """
    try:
        return _make(file)
    except FileExistsError:
        pass
    try:
        key = bytes.fromhex(file.read_text("ascii").strip())
    except ValueError:
        key = b""
    if len(key) != KEY_OCTETS:
        raise ScoringError(f"{file} holds no key; right: {KEY_OCTETS * 2} hex digits")
    return key


def _make(file: Path) -> bytes:
    key = secrets.token_bytes(KEY_OCTETS)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as sink:
        sink.write(f"{key.hex()}\n")
    return key


def pseudonymise(connection: Any, store: str, key: bytes) -> None:
    """Replace ``person`` in the table ``rows`` by ``person_id``.

    A number in E.164 is the same person for every store, and for a gateway of the same key; any
    other name is one store's own.
    """
    found = connection.execute("SELECT DISTINCT person FROM rows WHERE person IS NOT NULL")
    names = [name for (name,) in found.fetchall()]
    ids = [pseudonym(key, "person", _known_as(name, store)) for name in names]
    table = pa.table(
        {"person": pa.array(names, pa.string()), "person_id": pa.array(ids, pa.string())}
    )
    connection.register("known", table)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE rows AS SELECT rows.* EXCLUDE (person), known.person_id "
        "FROM rows LEFT JOIN known USING (person)"
    )
    connection.unregister("known")


def _known_as(name: str, store: str) -> str:
    plain = re.sub(r"[ ()./-]", "", name)
    return plain if _NUMBER.match(plain) else f"{store}/{name.lower()}"
