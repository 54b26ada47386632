"""Persons of a shop's file under their pseudonyms, and the key that makes these.

The key lies beside the lake, never in it: who has both can try out names until one fits.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from scoring.errors import ScoringError
from scoring.pseudonym import EXPORT_STATE, mark_of, pseudonym

KEY_OCTETS: Final = 32

Number = Callable[[str], str | None]
"""Reads what somebody wrote as a phone number; gives it in E.164, or None."""

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
    """Return the first key of a file; one that is absent is made, for its owner alone.

    Raises
    ------
    ScoringError
        The file holds no key, or cannot be read.
    """
    try:
        return _make(file)
    except FileExistsError:
        pass
    try:
        key = bytes.fromhex(file.read_text("ascii").partition("\n")[0].strip())
    except ValueError:
        key = b""
    except OSError as error:
        raise ScoringError(f"the key {file} cannot be read: {error.strerror}") from error
    if len(key) != KEY_OCTETS:
        raise ScoringError(f"{file} holds no key; right: {KEY_OCTETS * 2} hex digits")
    return key


def _make(file: Path) -> bytes:
    key = secrets.token_bytes(KEY_OCTETS)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as sink:
        sink.write(f"{key.hex()}\n")
    return key


def check_key(folder: Path, key: bytes, file: Path) -> None:
    """Pass when no gateway has exported into the lake under another key.

    Raises
    ------
    ScoringError
        One has: the persons of the import would be others than those of the export.
    """
    try:
        mark = json.loads((folder / EXPORT_STATE).read_text()).get("key")
    except (FileNotFoundError, ValueError, AttributeError):
        return
    if mark != mark_of(key):
        raise ScoringError(
            f"{folder} was exported under another key than {file}, so that its persons would not "
            "be those of the import; right: --key with the key beside the gateway's database"
        )


def plain_number(text: str) -> str | None:
    """Return a number that is written in E.164, however its digits are grouped; else None.

    Examples
    --------
    >>> plain_number("+44 7700 900-123")
    '+447700900123'
    >>> plain_number("07700 900123")
    """
    plain = re.sub(r"[ ()./-]", "", text)
    return plain if _NUMBER.match(plain) else None


def pseudonymise(connection: Any, store: str, key: bytes, number: Number = plain_number) -> str:
    """Replace ``person`` and ``phone`` in the table ``rows`` by ``person_id``.

    Somebody with a number is the same person for every store, and for a gateway of the same key; it
    is the last one by which she ordered. Any other name is one store's own.

    Returns
    -------
    str
        How many phones are no numbers, as a sentence; empty where all are.
    """
    named = connection.execute(
        "SELECT coalesce(person, phone), phone, max(instant) AS last FROM rows "
        "WHERE coalesce(person, phone) IS NOT NULL GROUP BY ALL ORDER BY last, phone"
    ).fetchall()
    phones = {phone: number(phone) for _, phone, _ in named if phone is not None}
    numbers = {name: phones[phone] for name, phone, _ in named if phones.get(phone)}
    names = list(dict.fromkeys(name for name, _, _ in named))
    ids = [pseudonym(key, "person", numbers.get(name) or _known_as(name, store)) for name in names]
    _replace(connection, names, ids)
    wrong = sum(found is None for found in phones.values())
    return f"{wrong:,} phones are no numbers that can be reached, and name nobody" if wrong else ""


def _replace(connection: Any, names: list[str], ids: list[str]) -> None:
    known = {"person": pa.array(names, pa.string()), "person_id": pa.array(ids, pa.string())}
    connection.register("known", pa.table(known))
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE rows AS "
        "SELECT rows.* EXCLUDE (person, phone), known.person_id "
        "FROM rows LEFT JOIN known ON coalesce(rows.person, rows.phone) = known.person"
    )
    connection.unregister("known")


def _known_as(name: str, store: str) -> str:
    return plain_number(name) or f"{store}/{name.lower()}"
