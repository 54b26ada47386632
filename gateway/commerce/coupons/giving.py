"""Gives codes: one for each person and decision, never the same twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random, SystemRandom
from typing import Final

import structlog
from sqlalchemy import Connection

from gateway.commerce.coupons.pool import Pool
from gateway.db.commerce.coupons import (
    REFERRAL,
    find_referral_code,
    free_codes,
    put_coupon,
    take_coupon,
)
from gateway.db.locks import hold
from gateway.domain.errors import ContentError
from gateway.domain.ids import PersonId, StoreName

log = structlog.get_logger(__name__)

Given = tuple[str, datetime | None]
"""A code, and until when it holds; UTC."""

_TRIES: Final = 20
"""That so many random codes are all taken says that the pattern is used up."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Gift:
    store: StoreName
    person: PersonId
    decision_key: int | None
    now: datetime

    def until(self, pool: Pool) -> datetime | None:
        return None if pool.expires is None else self.now + pool.expires


class Coupons:
    """Gives codes from pools.

    ``pools`` is replaced as a whole when the shops' folders are read again.

    Args:
        pools: those of each store, by name.
        rng: where chance comes from.
    """

    def __init__(
        self, pools: Mapping[StoreName, Mapping[str, Pool]], *, rng: Random | None = None
    ) -> None:
        self.pools = pools
        self._rng = rng or SystemRandom()
        self._low: set[tuple[StoreName, str]] = set()

    def give(
        self,
        connection: Connection,
        pool: str,
        *,
        store: StoreName,
        person: PersonId,
        decision_key: int | None,
        now: datetime,
    ) -> Given | None:
        """Return a code of the person's own and until when it holds; None when the pool is empty.

        From a pool of referral codes a person always gets the same one.

        Args:
            connection: the transaction of the message.
            pool: its name.
            store: whose.
            person: who gets it.
            decision_key: the decision that it follows from.
            now: the current instant, UTC.

        Raises:
            ContentError: the store has no such pool.
        """
        gift = _Gift(store=store, person=person, decision_key=decision_key, now=now)
        found = self._pool(store, pool)
        if found.kind == REFERRAL:
            hold(connection, f"referral:{store}:{person}")
            known = find_referral_code(connection, store, pool, person, now)
            if known is not None:
                return known.code, known.expires_at
        give = self._made if found.file is None else self._taken
        code = give(connection, found, gift)
        return None if code is None else (code, gift.until(found))

    def _pool(self, store: StoreName, name: str) -> Pool:
        pools = self.pools.get(store, {})
        if name not in pools:
            known = ", ".join(sorted(pools)) or "there are none"
            raise ContentError(f"is no pool of coupons.toml ({known})", place=name)
        return pools[name]

    def _taken(self, connection: Connection, pool: Pool, gift: _Gift) -> str | None:
        """Give a code that the shop made."""
        code = take_coupon(
            connection,
            gift.store,
            pool.name,
            person=gift.person,
            decision_key=gift.decision_key,
            now=gift.now,
            expires_at=gift.until(pool),
        )
        self._watch(gift.store, pool, free_codes(connection, gift.store, pool.name, pool.low + 1))
        return code

    def _made(self, connection: Connection, pool: Pool, gift: _Gift) -> str | None:
        """Give a code of our making."""
        for _ in range(_TRIES):
            code = pool.make_code(self._rng)
            if put_coupon(
                connection,
                gift.store,
                pool.name,
                code,
                kind=pool.kind,
                person=gift.person,
                decision_key=gift.decision_key,
                given_at=gift.now,
                expires_at=gift.until(pool),
            ):
                return code
        self._watch(gift.store, pool, 0)
        return None

    def _watch(self, store: StoreName, pool: Pool, left: int) -> None:
        """Say once that a pool runs low, until it has been filled up."""
        which = (store, pool.name)
        if left > pool.low:
            self._low.discard(which)
        elif which not in self._low:
            self._low.add(which)
            log.warning("coupons_run_low", store=store, pool=pool.name, left=left)
