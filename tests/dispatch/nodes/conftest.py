"""Several nodes on one PostgreSQL, in one process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from support.members import LEASE, Join, Member
from support.world import World

from gateway.db import Database
from gateway.dispatch.nodes import Node


@pytest.fixture
async def member(postgres_url: str) -> AsyncIterator[Join]:
    """Makes nodes, which end with the test."""
    made: list[Member] = []
    async with AsyncExitStack() as stack:

        async def make(name: str) -> Member:
            database = await stack.enter_async_context(Database.open(postgres_url))
            made.append(Member(Node(database, postgres_url, name, LEASE), database))
            return made[-1]

        yield make
        for one in made:
            if one.beating is not None:
                one.beating.cancel()
                await asyncio.wait({one.beating})
            await one.node._seat.close()


@pytest.fixture
async def world(postgres_url: str) -> AsyncIterator[World]:
    """A queue on the database that the nodes share; it is written to by none of them."""
    async with Database.open(postgres_url) as database:
        yield World(database)
