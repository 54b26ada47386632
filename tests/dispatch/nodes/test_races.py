"""Two gateways are about one job at once: one of them comes first, and the other sees it."""

from __future__ import annotations

import asyncio

from sqlalchemy import Connection
from support.members import Join
from support.spending import free
from support.world import World

from gateway.db.jobs import change_job
from gateway.dispatch.settling import Holder, intend
from gateway.domain.ids import LineId, ModemName
from gateway.domain.states import Stage

HOLDER = Holder(node="box-1", line=LineId("line"), modem=ModemName("m0"))


async def test_a_job_is_not_cancelled_while_it_is_handed_over(member: Join, world: World) -> None:
    """The intent is not committed yet: whoever cancels waits, and then is too late."""
    one = await (await member("box-1")).start()
    await world.accept()
    [part], now = await world.parts(), world.clock.now()
    values = {"stage": Stage.CLAIMED} | {
        name: getattr(HOLDER, name) for name in ("node", "line", "modem")
    }
    await world.database.write(lambda c: change_job(c, part.job_key, **values))
    loop, cancelling = asyncio.get_running_loop(), []

    def hand_over(connection: Connection) -> None:
        intend(connection, part, HOLDER, free(now), now)
        if not cancelling:
            cancelling.append(asyncio.run_coroutine_threadsafe(world.cancel(), loop))
            asyncio.run_coroutine_threadsafe(asyncio.sleep(0.3), loop).result(5)
            assert not cancelling[0].done(), "it waits"

    await one.database.write(hand_over)
    refused = await asyncio.wrap_future(cancelling[0])
    assert refused is not None
    assert refused.code == "too_late"
    assert await world.states() == ["accepted"]
