from __future__ import annotations

import asyncio
from typing import Any

import pytest
from support.mqtt import FakeDatabase, FakeSession

from gateway.db.outbox import discard_letters
from gateway.domain.signal import Signal
from gateway.mqtt.courier import Courier
from gateway.mqtt.errors import BrokerLostError
from gateway.mqtt.publisher import (
    FALLBACK_S,
    GATHER_S,
    GROUP,
    REMOVE_S,
    STORAGE_RETRY_S,
    Publisher,
)

pytestmark = pytest.mark.looptime


class Way:
    """A publisher with its outbox and its signal."""

    def __init__(self, database: FakeDatabase) -> None:
        self.database = database
        self.changed = Signal()
        self.publisher = Publisher(database=database, changed=self.changed, courier=Courier())

    def post(self, *bodies: str, kind: str = "status") -> None:
        self.database.post(*bodies, kind=kind)
        self.changed.notify()

    def start(self, session: FakeSession) -> asyncio.Task[None]:
        return asyncio.create_task(self.publisher.run(session))


@pytest.fixture
def way(database: FakeDatabase) -> Way:
    return Way(database)


def bodies(session: FakeSession) -> list[str]:
    return [body for _, body, _ in session.published]


async def test_what_is_in_the_outbox_goes_out_in_order_and_is_removed(way: Way) -> None:
    session = FakeSession()
    letters = [str(number) for number in range(2 * GROUP + 7)]
    way.post(*letters)
    task = way.start(session)
    await asyncio.sleep(1)
    assert bodies(session) == letters
    assert way.database.letters == []
    task.cancel()


async def test_a_letter_goes_to_its_store_under_its_kind_and_is_not_retained(way: Way) -> None:
    session = FakeSession()
    way.post("{}", kind="rejected")
    task = way.start(session)
    await asyncio.sleep(1)
    assert session.published == [("shopbell/v1/acme/rejected", "{}", False)]
    task.cancel()


async def test_a_letter_stays_until_the_broker_has_it(way: Way) -> None:
    session = FakeSession()
    session.answering = False
    way.post("a", "b")
    task = way.start(session)
    await asyncio.sleep(10)
    assert len(way.database.letters) == 2
    session.answer(2)
    await asyncio.sleep(1)
    assert way.database.letters == []
    task.cancel()


async def test_after_a_lost_connection_it_begins_again_at_the_first_that_is_not_certain(
    way: Way,
) -> None:
    first = FakeSession()
    first.answering = False
    way.post("a", "b", "c")
    task = way.start(first)
    await asyncio.sleep(1)
    first.answer(1)
    first.lose()
    with pytest.raises(BrokerLostError):
        await task
    way.post("d")
    second = FakeSession()
    task = way.start(second)
    await asyncio.sleep(1)
    assert bodies(second) == ["b", "c", "d"]
    assert way.database.letters == []
    task.cancel()


async def test_it_wakes_at_once_when_something_was_posted(way: Way) -> None:
    session = FakeSession()
    task = way.start(session)
    await asyncio.sleep(1)
    way.post("a")
    await asyncio.sleep(GATHER_S + 0.001)
    assert bodies(session) == ["a"]
    task.cancel()


async def test_nothing_posted_while_a_group_is_in_flight_is_forgotten(way: Way) -> None:
    session = FakeSession()
    session.answering = False
    way.post("a")
    task = way.start(session)
    await asyncio.sleep(1)
    way.post("b")
    session.answering = True
    session.answer(1)
    await asyncio.sleep(GATHER_S + 0.001)
    assert bodies(session) == ["a", "b"]
    task.cancel()


async def test_the_database_is_left_alone_while_nothing_happens(way: Way) -> None:
    task = way.start(FakeSession())
    await asyncio.sleep(FALLBACK_S * 10 - 1)
    assert way.database.reads == 10
    task.cancel()


async def test_what_was_posted_without_a_word_is_found_in_the_end(way: Way) -> None:
    session = FakeSession()
    task = way.start(session)
    await asyncio.sleep(1)
    way.database.post("from another process")
    await asyncio.sleep(FALLBACK_S)
    assert bodies(session) == ["from another process"]
    task.cancel()


async def test_a_full_disk_delays_the_removal_and_publishes_nothing_twice(
    way: Way, logged: list[Any]
) -> None:
    session = FakeSession()
    task = way.start(session)
    await asyncio.sleep(1)
    way.database.failures = 3
    way.post("a")
    await asyncio.sleep(4 * STORAGE_RETRY_S)
    assert bodies(session) == ["a"]
    assert way.database.letters == []
    assert [event["event"] for event in logged] == ["outbox_stuck", "outbox_moves_again"]
    task.cancel()


async def test_a_letter_that_the_broker_refuses_is_dropped_and_does_not_block(
    way: Way, logged: list[Any]
) -> None:
    session = FakeSession()
    session.code = 0x87
    way.post("a", "b")
    task = way.start(session)
    await asyncio.sleep(1)
    assert way.database.letters == []
    assert [event["event"] for event in logged] == ["mqtt_publication_refused"]
    task.cancel()


async def test_after_a_loss_the_groups_grow_from_one(way: Way) -> None:
    """The letter that costs the connection is then alone in flight sooner or later."""
    first = FakeSession()
    first.answering = False
    letters = [str(number) for number in range(10)]
    way.post(*letters)
    task = way.start(first)
    await asyncio.sleep(1)
    first.lose()
    with pytest.raises(BrokerLostError):
        await task
    second = FakeSession()
    second.answering = False
    task = way.start(second)
    in_flight = []
    for _ in range(4):
        await asyncio.sleep(1)
        in_flight.append(len(second.published) - sum(in_flight))
        second.answer(in_flight[-1])
    assert in_flight == [1, 2, 4, 3]
    assert bodies(second) == letters
    task.cancel()


async def test_a_removal_that_is_cut_short_by_a_loss_is_made_up_for(way: Way) -> None:
    first = FakeSession()
    way.post("a")
    task = way.start(first)
    await asyncio.sleep(REMOVE_S / 2)
    way.database.failures = 1
    await asyncio.sleep(REMOVE_S)
    task.cancel()  # as the bridge does at a loss, here while the disk is full
    await asyncio.sleep(1)
    assert len(way.database.letters) == 1
    second = FakeSession()
    task = way.start(second)
    await asyncio.sleep(1)
    assert way.database.letters == []
    assert bodies(second) == []
    task.cancel()


async def test_a_letter_committed_out_of_the_order_of_its_key_is_not_passed_over(way: Way) -> None:
    """Two writers of a PostgreSQL may commit key 2 before key 1."""
    session = FakeSession()
    way.post("early", "late")
    early, late = way.database.letters
    await way.database.write(lambda connection: discard_letters(connection, [early.key]))
    task = way.start(session)
    await asyncio.sleep(REMOVE_S * 3)
    assert bodies(session) == ["late"]
    way.database.post_at(early.key, "early")
    way.changed.notify()
    await asyncio.sleep(1)
    assert bodies(session) == ["late", "early"]
    assert late.key > early.key
    task.cancel()


async def test_drain_waits_for_the_last_answer(way: Way) -> None:
    session = FakeSession()
    session.answering = False
    task = way.start(session)
    await asyncio.sleep(1)
    way.database.post("a", "b")  # without a word: drain has to look for itself
    drained = asyncio.create_task(way.publisher.drain())
    await asyncio.sleep(1)
    session.answer(1)
    await asyncio.sleep(1)
    assert not drained.done()
    session.answer(1)
    await asyncio.wait_for(drained, 1)
    assert way.database.letters == []
    task.cancel()


async def test_drain_of_an_empty_outbox_needs_no_connection(way: Way) -> None:
    await asyncio.wait_for(way.publisher.drain(), 1)
    assert way.database.reads == 1
