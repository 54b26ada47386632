"""STOP wins: whatever the order of things, nothing is handed over after it was committed (K-10)."""

from __future__ import annotations

from collections import deque
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.serving import served, told, until
from support.world import START, World, request

from gateway.domain.consent import Action
from gateway.domain.ids import JobId
from gateway.domain.purpose import Purpose
from gateway.modem import FakeModem, Intent, Submitted
from gateway.sms import EncodedPdu, decode_submit

NUMBERS = ("+447700900101", "+447700900102", "+447700900103")


class Network(FakeModem):
    """A modem that lets persons write at the worst moment: after the prompt, before the intent.

    Attributes:
        leaks: numbers that were sent to although they had said STOP.
    """

    def __init__(self, world: World, meanwhile: deque[tuple[Action, str] | None]) -> None:
        super().__init__("m0")
        self.meanwhile = meanwhile
        self.allowed: set[str] = set()
        self.leaks: list[str] = []
        self._world = world

    async def say(self, action: Action, number: str) -> None:
        """Let a person say yes or no, until it is committed."""
        self._world.clock.instant += timedelta(seconds=1)
        await self._world.allow(action, number=number)
        (self.allowed.add if action is Action.GRANTED else self.allowed.discard)(number)

    async def submit(self, pdu: EncodedPdu, intent: Intent) -> Submitted:
        """Send, with what happens before the intent is committed."""
        said = self.meanwhile.popleft() if self.meanwhile else None
        if said is not None:
            await self.say(*said)
        submitted = await super().submit(pdu, intent)
        number = decode_submit(pdu.hex).destination.number
        if number not in self.allowed:
            self.leaks.append(number)
        return submitted


SAID = st.tuples(st.sampled_from([Action.GRANTED, Action.WITHDRAWN]), st.sampled_from(NUMBERS))


@pytest.mark.rule("K-10", "G-3", "US-3")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    before=st.lists(st.one_of(SAID, st.sampled_from(NUMBERS)), min_size=1, max_size=12),
    meanwhile=st.lists(st.one_of(st.none(), SAID), max_size=12),
    long=st.booleans(),
)
async def test_no_order_of_things_leaks(
    world: World,
    before: list[tuple[Action, str] | str],
    meanwhile: list[tuple[Action, str] | None],
    long: bool,
) -> None:
    modem = Network(world, deque(meanwhile))
    for number in NUMBERS:
        await modem.say(Action.WITHDRAWN, number)
    modem.allowed.clear()
    jobs: list[JobId] = []
    for step in before:
        if not isinstance(step, str):
            await modem.say(*step)
            continue
        job = JobId(f"job-{world.clock.instant.timestamp()}-{len(jobs)}")
        text = "Sale! " * (40 if long else 1)
        fields = {"to": step, "purpose": Purpose.MARKETING, "text": text}
        [refused] = await world.admit(request(job, **fields))
        assert (refused is None) is (step in modem.allowed)
        jobs.extend([job] if refused is None else [])

    async def settled() -> bool:
        last = [(await world.states(job))[-1] for job in jobs]
        return all(state in ("sent", "cancelled", "failed") for state in last)

    async with served(world, modem):
        await until(settled)
    assert modem.leaks == []


async def test_the_check_can_fail(world: World) -> None:
    """With a gate that lets all through, the network above sees the leak."""
    modem = Network(world, deque([(Action.WITHDRAWN, NUMBERS[0])]))
    await modem.say(Action.GRANTED, NUMBERS[0])
    await world.accept("otp", to=NUMBERS[0], purpose=Purpose.OTP)
    async with served(world, modem):
        await told(world, "sent", "otp")
    assert modem.leaks == [NUMBERS[0]]
    assert world.clock.instant > START
