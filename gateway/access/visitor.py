"""Who asks: a person who signed in, or a program with a token."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from gateway.access.right import Right
from gateway.domain.ids import StoreName


class Kind(StrEnum):
    """What asks."""

    USER = "user"
    TOKEN = "token"  # noqa: S105 -- a word, not a secret


@dataclass(frozen=True, kw_only=True, slots=True)
class Visitor:
    """Who asks, and what they may.

    Attributes:
        name: of a user their name, of a token its id.
        kind: which of the two.
        rights: what they may.
        store: they speak for this one alone; None: for all.
        session: the fingerprint of the browser's session; None of a token.
    """

    name: str
    kind: Kind
    rights: frozenset[Right]
    store: StoreName | None = None
    session: bytes | None = field(default=None, repr=False)

    @property
    def actor(self) -> str:
        """Who it is in the audit log: ``user:NAME`` or ``token:ID``."""
        return f"{self.kind}:{self.name}"

    def may(self, right: Right) -> bool:
        """Whether they have a right."""
        return right in self.rights

    def sees(self, store: str) -> bool:
        """Whether what belongs to a store is theirs to see and to work with."""
        return self.store is None or self.store == store
