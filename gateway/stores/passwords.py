"""Passwords of the broker's users: made here, kept as Mosquitto's PBKDF2 hashes.

A hash is ``$7$ITERATIONS$SALT$KEY``: PBKDF2 with SHA-512 and 64 octets of key, salt and key in
Base64 (mosquitto 2.0, ``mosquitto_passwd``; RFC 8018).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from typing import Final

ITERATIONS: Final = 1000
"""Ten times Mosquitto's own, at 0.7 ms. Mosquitto hashes on its only thread, also for whoever
guesses, and nobody guesses 256 random bits however fast they are hashed."""

_SCHEME: Final = "7"
_SALT_OCTETS: Final = 12
_KEY_OCTETS: Final = 64
_PASSWORD_OCTETS: Final = 32


def new_password() -> str:
    """Return a password that nobody guesses: 256 bits, 43 characters of ``A-Za-z0-9_-``."""
    return secrets.token_urlsafe(_PASSWORD_OCTETS)


def hash_password(password: str) -> str:
    """Return what Mosquitto keeps of a password, with a salt of its own."""
    salt = secrets.token_bytes(_SALT_OCTETS)
    key = _derive(password, salt, ITERATIONS)
    return f"${_SCHEME}${ITERATIONS}${_text(salt)}${_text(key)}"


def is_password(password: str, hashed: str) -> bool:
    """Tell whether a hash is of this password; one of another scheme is of none."""
    try:
        _, scheme, iterations, salt, key = hashed.split("$")
        derived = _derive(password, base64.b64decode(salt, validate=True), int(iterations))
        return scheme == _SCHEME and hmac.compare_digest(derived, base64.b64decode(key))
    except (ValueError, OverflowError, binascii.Error):
        return False


def _derive(password: str, salt: bytes, iterations: int) -> bytes:
    return hashlib.pbkdf2_hmac("sha512", password.encode(), salt, iterations, _KEY_OCTETS)


def _text(octets: bytes) -> str:
    return base64.b64encode(octets).decode("ascii")
