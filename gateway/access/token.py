"""API tokens: ``shopbell_<id>_<secret>``. Pure; where they are kept is `gateway.db.console.tokens`.

The prefix lets scanners of repositories find one that was published; the id may be shown.
"""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass, field
from typing import Final

from gateway.access.secret import OCTETS, digest_of

_TOKEN: Final = re.compile(r"shopbell_([0-9a-f]{12})_([0-9a-f]{64})")

_NOBODY: Final = bytes(32)
"""The fingerprint of no secret: to compare with where there is no such token."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    """A token as a program shows it.

    Attributes:
        id: the part that may be shown.
        secret: the part that may not.
    """

    id: str
    secret: str = field(repr=False)

    @classmethod
    def new(cls) -> Token:
        """Return one that nobody has."""
        return cls(id=secrets.token_hex(6), secret=secrets.token_hex(OCTETS))

    @property
    def written(self) -> str:
        """The whole; shown once."""
        return f"shopbell_{self.id}_{self.secret}"

    @property
    def digest(self) -> bytes:
        """Under which fingerprint it is kept."""
        return digest_of(self.secret)

    def matches(self, kept: bytes | None) -> bool:
        """Compare in a time that tells nothing, also where there is nothing to compare with."""
        same = hmac.compare_digest(self.digest, _NOBODY if kept is None else kept)
        return same and kept is not None


def read_token(text: str) -> Token | None:
    """Read a token; None where it is none."""
    match = _TOKEN.fullmatch(text)
    return Token(id=match[1], secret=match[2]) if match else None
