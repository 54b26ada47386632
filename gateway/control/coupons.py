"""Codes over the control socket: in lots, as a command reads them from a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from gateway.commerce.coupons import put_codes
from gateway.commerce.coupons.stock import LOT
from gateway.control.server import Operation
from gateway.db import Database
from gateway.domain.errors import RejectedError
from gateway.domain.ids import StoreName


class CouponDesk:
    """Puts the codes that a command sends into a pool."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def operations(self) -> Mapping[str, Operation]:
        """Return what may be asked, by name."""
        return {"coupons": self._coupons}

    async def _coupons(self, fields: Mapping[str, Any]) -> object:
        store, pool, codes = fields.get("store"), fields.get("pool"), fields.get("codes")
        named = isinstance(store, str) and isinstance(pool, str)
        if not named or not isinstance(codes, list) or len(codes) > LOT:
            reason = f"codes: right: a store, a pool and a list of at most {LOT}"
            raise RejectedError("malformed", reason, field="codes")
        return {"new": await self.put(StoreName(str(store)), str(pool), list(map(str, codes)))}

    async def put(self, store: StoreName, pool: str, codes: Sequence[str]) -> int:
        """Put a lot into a pool; return how many are new to the store.

        Raises:
            StorageError: it could not be kept.
        """
        return await self._database.write(partial(put_codes, store=store, pool=pool, codes=codes))
