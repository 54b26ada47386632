"""What happens to a job between its line and its network, as tests of reports tell it."""

from __future__ import annotations

from datetime import datetime, timedelta

from support.claims import claim_job
from support.spending import free
from support.world import RECIPIENT, START, World

from gateway.dispatch.settling import (
    Handed,
    Holder,
    intend,
    settle_sent,
    settle_unknown,
)
from gateway.domain.ids import AttemptKey, LineId, ModemName

LINE = LineId("8944100000000000001")
HOLDER = Holder(node="box-1", line=LINE, modem=ModemName("m0"))


def semi_octets(digits: str) -> str:
    padded = digits + "F" * (len(digits) % 2)
    return "".join(padded[i + 1] + padded[i] for i in range(0, len(padded), 2))


def instant(at: datetime) -> str:
    return semi_octets(at.strftime("%y%m%d%H%M%S")) + "00"


def report(
    reference: int,
    status: int = 0,
    *,
    number: str = RECIPIENT,
    at: datetime = START,
) -> str:
    """A status report as hex, written by the clauses of 3GPP TS 23.040 and not by our codec."""
    kind, digits = ("91", number[1:]) if number.startswith("+") else ("81", number)
    return (
        f"0006{reference:02X}{len(digits):02X}{kind}{semi_octets(digits)}"
        f"{instant(at)}{instant(at + timedelta(seconds=5))}{status:02X}"
    )


async def claim(world: World) -> None:
    """Claim the oldest ready job for the line."""
    now = world.clock.now()
    claimed = await world.database.write(
        lambda c: claim_job(c, node="box-1", line=LINE, modem=ModemName("m0"), routes=(), now=now)
    )
    assert claimed is not None


async def hand(world: World, job: str = "order-1", number: int = 1) -> AttemptKey:
    part = (await world.parts(job))[number - 1]
    now = world.clock.now()
    spending = free(now)
    handed = await world.database.write(lambda c: intend(c, part, HOLDER, spending, now))
    return handed.attempt


async def sent(
    world: World, attempt: AttemptKey, reference: int | None, job: str = "order-1", number: int = 1
) -> None:
    part = (await world.parts(job))[number - 1]
    policy, now = world.context.policy, world.clock.now()
    await world.database.write(
        lambda c: settle_sent(
            c,
            Handed(part=part, attempt=attempt),
            reference,
            line=LINE,
            policy=policy,
            now=now,
        )
    )


async def lost(world: World, attempt: AttemptKey, job: str = "order-1", number: int = 1) -> None:
    part = (await world.parts(job))[number - 1]
    policy, now = world.context.policy, world.clock.now()
    await world.database.write(
        lambda c: settle_unknown(
            c, part.key, attempt, line=LINE, policy=policy, now=now, reason="silence"
        )
    )


async def send(world: World, job: str, reference: int | None) -> None:
    await world.accept(job)
    await claim(world)
    await sent(world, await hand(world, job), reference, job)


async def come(world: World, pdu: str) -> None:
    await world.dispatcher.report(LINE, pdu, None)
