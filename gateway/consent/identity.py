"""Who a number is in the ledger: a keyed fingerprint, the same as in the lake (G-11)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from gateway.domain.ids import PersonId, StoreName
from scoring.pseudonym import pseudonym

_REMEMBERED: Final = 1 << 14
"""Persons that are kept of what is asked again: at admission, and for each part."""


class Identities:
    """Turns numbers into fingerprints.

    Args:
        keys: the key in use first, then those of before a rotation.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = tuple(keys)
        self.all_of = lru_cache(maxsize=_REMEMBERED)(self._all_of)

    @property
    def is_rotated(self) -> bool:
        """Whether somebody may be known under a former key."""
        return len(self._keys) > 1

    def of(self, number: str) -> PersonId:
        """Return the person under the key in use.

        Args:
            number: E.164.
        """
        return self.all_of(number)[0]

    def _all_of(self, number: str) -> tuple[PersonId, ...]:
        """Return the person under each key, the one in use first."""
        return tuple(PersonId(pseudonym(key, "person", number)) for key in self._keys)

    def customer_names(self, store: StoreName, customer: str) -> tuple[str, ...]:
        """Return the fingerprint of a store's name for a person, under each key."""
        return tuple(pseudonym(key, "customer", f"{store}\0{customer}") for key in self._keys)
