"""What a world was told of persons' messages."""

from __future__ import annotations

import json
from typing import Any

from support.world import World

from gateway.db.outbox import read_letters
from gateway.domain.ids import LineId

LINE = LineId("8944100000000000001")


async def come(world: World, *pdus: str, line: LineId = LINE) -> None:
    """Have a modem hand over what came in."""
    for pdu in pdus:
        await world.dispatcher.message(line, pdu, None)


async def texts(world: World) -> list[str | None]:
    """Return the texts that were posted, in order."""
    return [told["text"] for told in await world.said("inbound")]


async def told_to(world: World) -> list[tuple[str, dict[str, Any]]]:
    """Return each message that was posted, with its store."""
    letters = await world.database.read(lambda c: read_letters(c, 0, 10_000))
    return [(x.store, json.loads(x.body)) for x in letters if x.kind == "inbound"]
