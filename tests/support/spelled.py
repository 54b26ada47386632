"""One number as everybody writes it, by hand and not by our code, and what has it."""

from __future__ import annotations

from pathlib import Path

import psycopg
from sqlalchemy import make_url

DIGITS = "447700900123"
NATIONAL = "07700900123"

WRITTEN = (
    "+447700900123",
    "00447700900123",
    DIGITS,
    NATIONAL,
    "7700900123",
    "00900123",
    "+44 7700 900123",
    "+44 7700 900 123",
    "07700 900123",
    "07700-900-123",
    "+44 (0)7700 900123",
    "7700.900.123",
)
"""By persons, stores and modems; the sixth is what a part keeps to tell answers by."""


def swapped(digits: str) -> str:
    """Return semi-octets, as a PDU has them."""
    digits += "F" * (len(digits) % 2)
    return "".join(b + a for a, b in zip(digits[::2], digits[1::2], strict=True))


def _spellings() -> dict[str, bytes]:
    found = {text: text.encode() for text in WRITTEN}
    for digits in (DIGITS, NATIONAL, f"00{DIGITS}", "7700900123"):
        hexed = swapped(digits)
        found[f"semi-octets {digits}"] = hexed.encode()
        found[f"semi-octets {digits}, small"] = hexed.lower().encode()
        found[f"octets of {digits}"] = bytes.fromhex(hexed)
    for text in (DIGITS, NATIONAL, "7700900123", "00900123"):
        wide = text.encode("utf-16-be")
        found[f"UCS-2 {text}"] = wide
        found[f"UTF-16 {text}"] = text.encode("utf-16-le")
        found[f"UCS-2 hex {text}"] = wide.hex().upper().encode()
        found[f"UCS-2 hex {text}, small"] = wide.hex().encode()
    return found


SPELLINGS = _spellings()


def found_in(folder: Path, *, but: tuple[str, ...] = ()) -> set[tuple[str, str]]:
    """Return each file below a folder that holds the number, with the spelling.

    Args:
        folder: where to look.
        but: names at its top that are not looked at.
    """
    return {
        (str(file.relative_to(folder)), spelling)
        for file in folder.rglob("*")
        if file.is_file() and file.relative_to(folder).parts[0] not in but
        for spelling in _spelled_in(file.read_bytes())
    }


def found_in_tables(url: str) -> set[tuple[str, str]]:
    """Return each table of a server's database that holds the number, with the spelling."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {
            (name, spelling)
            for (name,) in names.fetchall()
            for spelling in _spelled_in(_octets_of(connection, name))
        }


def _octets_of(connection: psycopg.Connection, table: str) -> bytes:
    whole = f"COPY {table} TO STDOUT (FORMAT binary)"
    with connection.cursor() as cursor, cursor.copy(whole) as rows:
        return b"".join(bytes(lot) for lot in rows)


def _spelled_in(octets: bytes) -> set[str]:
    return {spelling for spelling, spelled in SPELLINGS.items() if spelled in octets}
