"""Secrets of 32 random octets, and the fingerprints under which they are known.

A random secret needs no slow hash: nobody can try 2**256 of them, and each request asks for one.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

OCTETS: Final = 32


def new_secret() -> str:
    """Return a secret, as it stands in a cookie or in a link."""
    return secrets.token_urlsafe(OCTETS)


def digest_of(secret: str) -> bytes:
    """Return under which fingerprint a secret is kept."""
    return hashlib.sha256(secret.encode()).digest()
