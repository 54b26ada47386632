"""What stands in the lake for a person: the one place where pseudonyms are made.

Without a library, as `scoring.schema`. Where the key lies is the concern of whoever writes a lake.
"""

from __future__ import annotations

import binascii
import hmac
from typing import Final

PSEUDONYM_OCTETS: Final = 9
"""Of the HMAC: 72 bits, so that ten million persons share none (P = 1e-8), in 12 letters, which
engines compare as fast as numbers."""

EXPORT_STATE: Final = ".export.json"
"""In a lake that a gateway exports into: what was written, and ``key``, the mark of its key."""

_URL_SAFE: Final = bytes.maketrans(b"+/", b"-_")


def pseudonym(key: bytes, kind: str, name: str) -> str:
    """Return what stands in the lake for a person, a message or a line.

    Parameters
    ----------
    key : bytes
        Known to nobody who reads the lake: without it nobody can try out all numbers.
    kind : str
        ``person``, ``message``, ``reply`` or ``line``: what the name is of.
    name : str
        A person's number in E.164, or what else names it.

    Returns
    -------
    str
        12 letters, digits, ``-`` and ``_``: the first octets of HMAC-SHA256.

    Examples
    --------
    >>> pseudonym(b"secret", "person", "+447700900123")
    'gzx2vwaYlIHR'
    """
    digest = hmac.digest(key, f"{kind}\0{name}".encode(), "sha256")
    letters = binascii.b2a_base64(digest[:PSEUDONYM_OCTETS], newline=False)
    return letters.translate(_URL_SAFE).decode()


def mark_of(key: bytes) -> str:
    """Return what tells one key from another, and nothing about it."""
    return pseudonym(key, "key", "of this lake")
