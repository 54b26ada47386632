"""Queues under all the rules of the gate."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from support.world import ACME, World

from gateway.consent.law import StoreRules
from gateway.consent.lines import Operator
from gateway.consent.rulebook import Stated
from gateway.db import Database


@pytest.fixture
async def ruled(database_url: str) -> AsyncIterator[World]:
    """A queue under all the rules, with no modem configured and the default caps."""
    stated = Stated(stores={ACME: StoreRules()}, operator=Operator())
    async with Database.open(database_url) as database:
        yield World(database, stated=stated)
