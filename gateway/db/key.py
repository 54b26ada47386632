"""The keys of the pseudonyms: beside the database, for its owner alone.

Whoever has them and the lake can try out numbers until one fits, so they never lie in a lake; when
they are lost, everybody in the next export is somebody else, and the ledger of consent knows nobody
any more. `docs/operators.md` says to back them up.

The file has a key a line. New pseudonyms are made with the first; what was made with a later one,
before a rotation, is still found (COMPLIANCE.md G-11).
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from gateway.domain.errors import ShopbellError

OCTETS: Final = 32


class KeyFileError(ShopbellError):
    """The key's file is not what it should be."""


def make_or_load_keys(path: Path) -> tuple[bytes, ...]:
    """Return the keys, the one in use first; where there is none yet, make one.

    Raises:
        KeyFileError: the file holds something else.
    """
    try:
        return (_make(path),)
    except FileExistsError:
        return load_keys(path)


def load_keys(path: Path) -> tuple[bytes, ...]:
    """Return the keys of a file, the one in use first.

    Raises:
        KeyFileError: there is none, or it holds something else.
    """
    try:
        keys = tuple(map(bytes.fromhex, path.read_text("ascii").split()))
    except FileNotFoundError:
        raise KeyFileError(f"there is no key {path}; `shopbell lake export` makes it") from None
    except ValueError:
        keys = ()
    if not keys or any(len(key) != OCTETS for key in keys):
        raise KeyFileError(f"{path} holds no key of {OCTETS * 2} hex digits; restore your backup")
    return keys


def load_key(path: Path) -> bytes:
    """Return the key in use.

    Raises:
        KeyFileError: there is none, or the file holds something else.
    """
    return load_keys(path)[0]


def add_key(path: Path) -> tuple[bytes, ...]:
    """Put a new key before those of a file, and return all; the new one is in use from now on.

    Raises:
        KeyFileError: there is no file, or it holds something else.
    """
    keys = (secrets.token_bytes(OCTETS), *load_keys(path))
    draft = _draft(path, keys)
    draft.replace(path)
    return keys


def _make(path: Path) -> bytes:
    key = secrets.token_bytes(OCTETS)
    draft = _draft(path, (key,))
    try:
        os.link(draft, path)  # whole or not at all, and never over another
    finally:
        draft.unlink()
    return key


def _draft(path: Path, keys: Sequence[bytes]) -> Path:
    """Write keys beside their file, for its owner alone, on the disk."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as sink:
        sink.writelines(f"{key.hex()}\n" for key in keys)
        sink.flush()
        os.fsync(sink.fileno())
    return draft
