"""A database, a clock that stands still, and accounts with hashes that cost nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from support.visitors import CHEAP
from support.world import START

from gateway.access import Role
from gateway.access.accounts import Accounts
from gateway.access.passwords import Passwords
from gateway.access.users import add_user
from gateway.db import Database
from gateway.domain.clock import ManualClock


@dataclass
class Staff:
    """Who works with a box."""

    database: Database
    clock: ManualClock
    accounts: Accounts

    async def write(self, change: Any) -> Any:
        return await self.database.write(change)

    async def read(self, query: Any) -> Any:
        return await self.database.read(query)

    async def add(self, name: str, role: Role = Role.VIEWER) -> str:
        """Have a user added; return the secret of their link."""
        now = self.clock.now()
        made = await self.write(lambda c: add_user(c, name, role, now))
        return str(made.path.rsplit("/", 1)[1])

    def wait(self, **time: float) -> None:
        self.clock.instant += timedelta(**time)


@pytest.fixture
async def staff(database_url: str) -> AsyncIterator[Staff]:
    async with Database.open(database_url) as database:
        clock = ManualClock(START)
        yield Staff(database, clock, Accounts(database, clock, Passwords(CHEAP)))
