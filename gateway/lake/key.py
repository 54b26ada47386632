"""The key of the pseudonyms: beside the database, for its owner alone, made once and for ever.

Whoever has it and the lake can try out numbers until one fits, so it never lies in a lake; when it
is lost, everybody in the next export is somebody else. `docs/operators.md` says to back it up.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

from gateway.domain.errors import ShopbellError

OCTETS: Final = 32


class LakeKeyError(ShopbellError):
    """The key's file is not what it should be."""


def key_path(database: Path) -> Path:
    """Return where the key of a database's persons lies."""
    return database.with_name(f"{database.name}.key")


def make_or_load_key(path: Path) -> bytes:
    """Return the key; where there is none yet, make it.

    Raises:
        LakeKeyError: the file holds no key.
    """
    try:
        return _make(path)
    except FileExistsError:
        return load_key(path)


def load_key(path: Path) -> bytes:
    """Return the key of a file.

    Raises:
        LakeKeyError: there is none, or it holds no key.
    """
    try:
        key = bytes.fromhex(path.read_text("ascii").strip())
    except FileNotFoundError:
        raise LakeKeyError(f"there is no key {path}; `shopbell lake export` makes it") from None
    except ValueError:
        key = b""
    if len(key) != OCTETS:
        raise LakeKeyError(f"{path} holds no key of {OCTETS * 2} hex digits; restore your backup")
    return key


def _make(path: Path) -> bytes:
    key = secrets.token_bytes(OCTETS)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w") as sink:
            sink.write(f"{key.hex()}\n")
            sink.flush()
            os.fsync(sink.fileno())
        os.link(draft, path)  # whole or not at all, and never over another
    finally:
        draft.unlink()
    return key
