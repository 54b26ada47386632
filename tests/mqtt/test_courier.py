from __future__ import annotations

import asyncio
from typing import Any

import pytest
from support.mqtt import LOST, FakeSession

from gateway.mqtt.courier import PUBACK_TIMEOUT_S, SHUN_S, Courier, Delivery, Publication
from gateway.mqtt.errors import BrokerLostError

pytestmark = pytest.mark.looptime

GROUP = [Publication(topic=f"t/{number % 2}", body=str(number)) for number in range(6)]


async def test_a_group_is_in_flight_at_once_and_done_with_its_last_answer() -> None:
    session = FakeSession()
    session.answering = False
    courier = Courier()
    task = asyncio.create_task(courier.deliver(session, GROUP))
    await asyncio.sleep(1)
    assert [body for _, body, _ in session.published] == list("012345")
    session.answer(5)
    await asyncio.sleep(1)
    assert not task.done()
    session.answer(1)
    assert await task == Delivery(settled=6, lost=None)
    assert courier.delivered == 6


async def test_a_refused_topic_is_logged_once_counted_and_holds_up_nothing(
    logged: list[Any],
) -> None:
    session = FakeSession()
    session.code = 0x87
    courier = Courier()
    await courier.deliver(session, GROUP)
    await courier.deliver(session, GROUP)
    assert courier.refused == {0x87: 12}
    assert courier.delivered == 0
    assert [(event["topic"], event["reason"]) for event in logged] == [
        ("t/0", "0x87 Not authorized"),
        ("t/1", "0x87 Not authorized"),
    ]


async def test_a_code_below_the_failures_is_a_success(logged: list[Any]) -> None:
    session = FakeSession()
    session.code = 0x10  # nobody subscribes
    courier = Courier()
    await courier.deliver(session, GROUP)
    assert courier.delivered == 6
    assert logged == []


async def test_a_code_that_nobody_has_defined_does_not_stop_the_publisher() -> None:
    session = FakeSession()
    session.code = 0xFE
    courier = Courier()
    await courier.deliver(session, GROUP[:1])
    assert courier.refused == {0xFE: 1}


async def test_a_broker_that_answers_nothing_is_left() -> None:
    session = FakeSession()
    session.answering = False
    began = asyncio.get_running_loop().time()
    with pytest.raises(BrokerLostError, match="answers no publication"):
        await Courier().deliver_all(session, GROUP)
    assert asyncio.get_running_loop().time() - began == PUBACK_TIMEOUT_S


async def test_what_was_answered_counts_even_when_the_connection_is_lost_in_between() -> None:
    session = FakeSession()
    session.answering = False
    courier = Courier()
    task = asyncio.create_task(courier.deliver(session, GROUP))
    await asyncio.sleep(1)
    session.answer(2)
    session.answer(1, code=0x87)
    session.lose()
    assert await task == Delivery(settled=3, lost=LOST)
    assert (courier.delivered, courier.refused) == (2, {0x87: 1})


async def test_a_refused_topic_is_left_alone_and_tried_again_later() -> None:
    """An older Mosquitto closes the connection at each try, and with it everybody else's."""
    session = FakeSession()
    session.code = 0x87
    courier = Courier()
    await courier.deliver(session, GROUP[:1])
    session.code = 0
    await asyncio.sleep(SHUN_S - 1)
    await courier.deliver(session, GROUP[:2])
    assert [topic for topic, _, _ in session.published] == ["t/0", "t/1"]
    assert (courier.delivered, courier.refused) == (1, {0x87: 2})
    await asyncio.sleep(1)
    await courier.deliver(session, GROUP[:1])
    assert [topic for topic, _, _ in session.published] == ["t/0", "t/1", "t/0"]
    assert courier.delivered == 2
