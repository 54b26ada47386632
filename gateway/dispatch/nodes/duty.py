"""What one node does for all: done where the duty is, and elsewhere when that one ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import NoReturn

from gateway.dispatch.nodes.claim import Claim, Claims


async def on_duty(claims: Claims, duty: str, work: Callable[[], Awaitable[object]]) -> NoReturn:
    """Do something for as long as this node has the duty, until cancelled.

    Args:
        claims: who has what.
        duty: its name, the same on every node.
        work: what is begun each time that the duty comes here, and cancelled when it goes.

    Raises:
        Exception: what ``work`` raised.
    """
    claim = claims.duty(duty)
    try:
        while True:
            await claim.held.wait()
            await _until_lost(claim, work)
    finally:
        claims.release(claim)


async def _until_lost(claim: Claim, work: Callable[[], Awaitable[object]]) -> None:
    working = asyncio.ensure_future(work())
    losing = asyncio.create_task(claim.lost.wait(), name=f"{claim.name} lost")
    try:
        await asyncio.wait({working, losing}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        losing.cancel()
        if not working.done():
            working.cancel()
        await asyncio.wait({working})
    if not working.cancelled():
        working.result()
