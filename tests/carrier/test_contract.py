"""What `gateway.carrier.Carrier` promises: on the fake one and on the real one alike."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from support.provider import Provider

from gateway.carrier import Accepted, CarriedState, Message, Refused, Unknown
from gateway.domain.failures import FailureClass
from gateway.domain.ids import CarriedId
from tests.carrier.worlds import AGO, FakeWorld, HttpWorld, World

pytestmark = pytest.mark.rule("SIM-5")

PERSON = "+33639980001"
MESSAGE = Message(recipient=PERSON, text="Vos offres : ça & là = 50 %+ 😀")


class Intent:
    """Counts how often it was awaited."""

    def __init__(self, error: Exception | None = None) -> None:
        self.awaited = 0
        self._error = error

    async def __call__(self) -> None:
        self.awaited += 1
        if self._error is not None:
            raise self._error


@pytest.fixture(params=[FakeWorld, HttpWorld], ids=["fake", "http"])
async def world(request: pytest.FixtureRequest, provider: Provider) -> AsyncIterator[World]:
    world: World = request.param(provider)
    first = world.carrier
    yield world
    await world.carrier.close()
    await first.close()


def _since() -> datetime:
    return datetime.now(UTC) - AGO


async def test_a_carrier_is_a_line_of_its_own(world: World) -> None:
    assert world.carrier.line == "carrier:main"


async def test_a_message_is_taken_after_one_intent_and_is_found_again(world: World) -> None:
    intent = Intent()
    answer = await world.carrier.submit(MESSAGE, intent)

    assert isinstance(answer, Accepted)
    assert (intent.awaited, world.taken) == (1, [MESSAGE.text])
    [carried] = await world.carrier.sent_since(_since())
    assert (carried.id, carried.recipient, carried.text) == (answer.id, PERSON, MESSAGE.text)
    assert carried.state is CarriedState.TAKEN
    assert carried.created_at.utcoffset() is not None
    assert await world.carrier.look(answer.id) == carried


async def test_what_the_intent_forbids_is_not_sent(world: World) -> None:
    with pytest.raises(LookupError):
        await world.carrier.submit(MESSAGE, Intent(LookupError()))
    assert world.taken == []
    assert isinstance(await world.carrier.submit(MESSAGE, Intent()), Accepted), "it goes on"


async def test_a_refusal_says_whose_fault_it_is(world: World) -> None:
    world.refuse()
    answer = await world.carrier.submit(MESSAGE, Intent())

    assert isinstance(answer, Refused)
    assert answer.failure is FailureClass.PERMANENT
    assert answer.of_destination
    assert answer.reason == "carrier 21614 not a mobile number"
    assert world.taken == []


@pytest.mark.parametrize("taken", [True, False])
async def test_an_answer_that_does_not_come_is_unknown_and_nothing_is_repeated(
    world: World, taken: bool
) -> None:
    world.lose(taken=taken)
    intent = Intent()
    answer = await world.carrier.submit(MESSAGE, intent)

    assert isinstance(answer, Unknown)
    assert intent.awaited == 1
    assert world.taken == [MESSAGE.text] * taken
    assert len(await world.carrier.sent_since(_since())) == taken, "a question tells which"


async def test_without_a_connection_there_is_no_intent(world: World) -> None:
    world.unplug()
    intent = Intent()
    answer = await world.carrier.submit(MESSAGE, intent)

    assert isinstance(answer, Refused)
    assert (answer.failure, answer.needs_person) == (FailureClass.NETWORK, False)
    assert (intent.awaited, world.taken) == (0, [])


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (CarriedState.SENT, None),
        (CarriedState.DELIVERED, None),
        (CarriedState.UNDELIVERED, "carrier 30005 unknown destination"),
    ],
)
async def test_how_far_a_message_has_come_is_told(
    world: World, state: CarriedState, reason: str | None
) -> None:
    answer = await world.carrier.submit(MESSAGE, Intent())
    assert isinstance(answer, Accepted)
    world.settle(state)

    [listed] = await world.carrier.sent_since(_since())
    assert (listed.state, listed.reason) == (state, reason)
    assert listed.nobody is (state is CarriedState.UNDELIVERED), "30005 is such a code"
    assert await world.carrier.look(answer.id) == listed


async def test_a_message_that_the_carrier_has_forgotten_is_none(world: World) -> None:
    answer = await world.carrier.submit(MESSAGE, Intent())
    assert isinstance(answer, Accepted)
    world.forget()
    assert await world.carrier.look(answer.id) is None
    assert await world.carrier.look(CarriedId("SMffffffffffffffffffffffffffffffff")) is None


async def test_what_was_sent_is_listed_with_the_newest_first_and_without_what_came(
    world: World,
) -> None:
    for number in range(5):
        await world.carrier.submit(Message(recipient=PERSON, text=f"no. {number}"), Intent())
    world.receive(PERSON, "STOP")

    texts = [carried.text for carried in await world.carrier.sent_since(_since())]
    assert texts == [f"no. {number}" for number in reversed(range(5))]


@pytest.mark.rule("US-6", "SIM-5")
async def test_what_persons_write_is_listed_in_order(world: World) -> None:
    await world.carrier.submit(MESSAGE, Intent())
    for text in ("Bonjour", "STOP", "arrêt"):
        world.receive(PERSON, text)

    received = await world.carrier.received_since(_since())
    assert [one.text for one in received] == ["Bonjour", "STOP", "arrêt"]
    assert {one.sender for one in received} == {PERSON}
    assert len({one.id for one in received}) == 3


async def test_what_is_older_is_not_listed(world: World) -> None:
    await world.carrier.submit(MESSAGE, Intent())
    world.receive(PERSON, "STOP")
    later = datetime.now(UTC) + AGO
    assert await world.carrier.sent_since(later) == []
    assert await world.carrier.received_since(later) == []
