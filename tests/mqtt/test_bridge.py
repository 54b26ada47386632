from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from support.mqtt import FakeAdmission, FakeDatabase, FakeSession

from gateway.domain.signal import Signal
from gateway.mqtt.bridge import LONGEST_PAUSE_S, RETURN_S, MqttBridge
from gateway.mqtt.errors import BrokerError, BrokerLostError, BrokerRefusedError
from gateway.mqtt.settings import MqttSettings
from gateway.mqtt.topics import SHARED_SUBSCRIPTIONS, SUBSCRIPTIONS

pytestmark = pytest.mark.looptime

SETTINGS = MqttSettings(host="broker.example", port=1883, node="box-1")
JOB = b'{"id": "a", "to": "+447700900123", "text": "x", "purpose": "otp"}'
DOWN = BrokerLostError("connection refused")
NO = BrokerRefusedError("not authorized")


class Broker:
    """Gives the bridge what a test has prepared, connection after connection.

    Attributes:
        answers: sessions, or errors to raise; the last is given again and again.
        tries: the loop's time at each connect.
    """

    def __init__(self, *answers: FakeSession | BrokerError) -> None:
        self.answers = list(answers)
        self.tries: list[float] = []

    @asynccontextmanager
    async def connect(self, *_: object) -> AsyncIterator[Any]:
        self.tries.append(asyncio.get_running_loop().time())
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, BrokerError):
            raise answer
        yield answer


Bring = Callable[..., MqttBridge]


@pytest.fixture
async def bring(database: FakeDatabase) -> AsyncIterator[Bring]:
    """Makes bridges and lets them run until the end of the test."""
    tasks: list[asyncio.Task[None]] = []

    def make(broker: Broker, admission: FakeAdmission | None = None) -> MqttBridge:
        bridge = MqttBridge(
            SETTINGS,
            admission=admission or FakeAdmission(),
            database=database,
            outbox_changed=Signal(),
            connect=broker.connect,
        )
        tasks.append(asyncio.create_task(bridge.run(), name=f"bridge {len(tasks)}"))
        return bridge

    yield make
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def events(logged: list[Any]) -> list[str]:
    return [event["event"] for event in logged]


def states(session: FakeSession) -> list[str]:
    return [json.loads(body)["state"] for _, body, retain in session.published if retain]


async def test_connected_it_listens_to_all_stores_and_says_that_it_is_there(bring: Bring) -> None:
    session = FakeSession()
    bridge = bring(Broker(session))
    await asyncio.sleep(1)
    assert bridge.connected
    assert session.subscribed == list(SUBSCRIPTIONS)
    assert states(session) == ["online"]


async def test_a_broker_that_is_down_is_tried_again_ever_more_slowly_and_said_once(
    bring: Bring, logged: list[Any]
) -> None:
    broker = Broker(DOWN)
    bridge = bring(broker)
    await asyncio.sleep(600)
    assert not bridge.connected
    pauses = [after - before for before, after in zip(broker.tries, broker.tries[1:], strict=False)]
    assert 0.25 <= pauses[0] <= 0.5
    assert all(LONGEST_PAUSE_S / 2 <= pause <= LONGEST_PAUSE_S for pause in pauses[6:])
    assert events(logged) == ["mqtt_unreachable"]


async def test_loss_and_return_are_each_said_once(bring: Bring, logged: list[Any]) -> None:
    first, second = FakeSession(), FakeSession()
    bring(Broker(first, DOWN, DOWN, BrokerLostError("no route"), second))
    await asyncio.sleep(1)
    first.lose()
    await asyncio.sleep(30)
    assert events(logged) == ["mqtt_connected", "mqtt_lost", "mqtt_connected"]
    assert logged[1]["reason"] == "the cable was pulled"


async def test_wrong_credentials_are_said_clearly_and_tried_slowly(
    bring: Bring, logged: list[Any]
) -> None:
    broker = Broker(NO)
    bring(broker)
    await asyncio.sleep(300)
    assert len(broker.tries) <= 300 / (LONGEST_PAUSE_S / 2) + 1
    assert [(event["event"], event["reason"]) for event in logged] == [
        ("mqtt_refused", "not authorized")
    ]


async def test_a_refusal_after_an_outage_is_said_too(bring: Bring, logged: list[Any]) -> None:
    bring(Broker(DOWN, NO))
    await asyncio.sleep(10)
    assert events(logged) == ["mqtt_unreachable", "mqtt_refused"]


async def test_a_session_that_the_broker_forgot_is_an_alarm_but_not_at_the_first_connect(
    bring: Bring, logged: list[Any]
) -> None:
    first, second = FakeSession(), FakeSession()
    first.resumed = second.resumed = False
    bring(Broker(first, second))
    await asyncio.sleep(1)
    assert "mqtt_session_lost" not in events(logged)
    first.lose()
    await asyncio.sleep(10)
    assert events(logged)[-1] == "mqtt_session_lost"


async def test_connections_that_do_not_last_come_ever_more_slowly_and_are_named(
    bring: Bring, logged: list[Any]
) -> None:
    """Two gateways with one name throw each other out; that must not become a storm."""
    thrown_out = FakeSession()
    thrown_out.lose()
    broker = Broker(thrown_out)
    bring(broker)
    await asyncio.sleep(300)
    assert broker.tries[-1] - broker.tries[-2] >= LONGEST_PAUSE_S / 2
    flapping = [event for event in logged if event["event"] == "mqtt_flapping"]
    assert [event["client_id"] for event in flapping] == ["shopbell-box-1"]


async def test_a_connection_that_lasted_is_followed_by_a_quick_try(bring: Bring) -> None:
    lasting, after = FakeSession(), FakeSession()
    broker = Broker(*[DOWN] * 8, lasting, after)
    bring(broker)
    await asyncio.sleep(8 * LONGEST_PAUSE_S)
    assert len(broker.tries) == 9
    lasting.lose()
    lost_at = asyncio.get_running_loop().time()
    await asyncio.sleep(1)
    assert broker.tries[-1] - lost_at <= 0.5


async def test_what_the_outbox_holds_is_published_after_the_return(
    bring: Bring, database: FakeDatabase
) -> None:
    first, second = FakeSession(), FakeSession()
    first.answering = False
    database.post("a")
    bring(Broker(first, second))
    await asyncio.sleep(1)
    first.lose()
    await asyncio.sleep(5)
    assert [body for _, body, retain in second.published if not retain] == ["a"]
    assert database.letters == []


async def test_after_stop_intake_nothing_is_taken_and_the_outbox_still_goes_out(
    bring: Bring, database: FakeDatabase
) -> None:
    session, admission = FakeSession(), FakeAdmission()
    bridge = bring(Broker(session), admission)
    await asyncio.sleep(1)
    bridge.stop_intake()
    session.arrive("shopbell/v1/acme/jobs", JOB)
    database.post("a", "b")
    assert await bridge.flush(5)
    assert admission.batches == []
    assert session.acknowledged == []
    assert [body for _, body, retain in session.published if not retain] == ["a", "b"]


async def test_a_connection_made_after_stop_intake_takes_nothing_either(bring: Bring) -> None:
    session, admission = FakeSession(), FakeAdmission()
    bridge = bring(Broker(DOWN, session), admission)
    bridge.stop_intake()
    session.arrive("shopbell/v1/acme/jobs", JOB)
    await asyncio.sleep(5)
    assert bridge.connected
    assert (admission.batches, session.acknowledged, session.subscribed) == ([], [], [])


async def test_flush_gives_up_in_time_and_says_so(bring: Bring, database: FakeDatabase) -> None:
    session = FakeSession()
    session.answering = False
    bridge = bring(Broker(session))
    await asyncio.sleep(1)
    database.post("a")
    began = asyncio.get_running_loop().time()
    assert not await bridge.flush(5)
    assert asyncio.get_running_loop().time() - began == 5


async def test_flush_does_not_wait_for_a_broker_that_is_away(
    bring: Bring, database: FakeDatabase
) -> None:
    bridge = bring(Broker(*[DOWN] * 9))
    await asyncio.sleep(5)
    database.post("a")
    began = asyncio.get_running_loop().time()
    assert not await bridge.flush(5)
    assert asyncio.get_running_loop().time() - began == RETURN_S


async def test_flush_waits_for_a_broker_that_is_started_again(
    bring: Bring, database: FakeDatabase
) -> None:
    first, second = FakeSession(), FakeSession()
    first.answering = False
    bridge = bring(Broker(first, second))
    await asyncio.sleep(1)
    database.post("a")
    asyncio.get_running_loop().call_later(2, first.lose)
    assert await bridge.flush(5)
    assert [body for _, body, retain in second.published if not retain] == ["a"]


async def test_cancelled_it_says_that_it_is_gone(database: FakeDatabase) -> None:
    session = FakeSession()
    bridge = MqttBridge(
        SETTINGS,
        admission=FakeAdmission(),
        database=database,
        outbox_changed=Signal(),
        connect=Broker(session).connect,
    )
    task = asyncio.create_task(bridge.run())
    await asyncio.sleep(1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert states(session) == ["online", "offline"]
    assert not bridge.connected


async def test_a_cancellation_in_the_very_moment_of_a_loss_is_not_forgotten(
    database: FakeDatabase,
) -> None:
    """A TaskGroup of Python 3.11 forgets it; the gateway would then never stop."""
    session = FakeSession()
    bridge = MqttBridge(
        SETTINGS,
        admission=FakeAdmission(),
        database=database,
        outbox_changed=Signal(),
        connect=Broker(session, DOWN).connect,
    )
    task = asyncio.create_task(bridge.run())
    await asyncio.sleep(1)
    session.lose()
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(1)
    assert task.cancelled()


async def test_a_fault_of_ours_is_not_taken_for_one_of_the_broker(database: FakeDatabase) -> None:
    """Only the broker's troubles are tried again; anything else must be seen by the operator."""

    def broken() -> dict[str, object]:
        raise LookupError("a bug")

    bridge = MqttBridge(
        SETTINGS,
        admission=FakeAdmission(),
        database=database,
        outbox_changed=Signal(),
        capacity=broken,
        connect=Broker(FakeSession()).connect,
    )
    with pytest.raises(ExceptionGroup) as caught:
        await bridge.run()
    assert caught.group_contains(LookupError)


async def test_a_session_from_before_the_database_was_shared_loses_what_would_come_twice(
    database: FakeDatabase,
) -> None:
    session = FakeSession()
    bridge = MqttBridge(
        replace(SETTINGS, shared=True),
        admission=FakeAdmission(),
        database=database,
        outbox_changed=Signal(),
        connect=Broker(session).connect,
    )
    task = asyncio.create_task(bridge.run())
    await asyncio.sleep(1)
    assert session.subscribed == list(SHARED_SUBSCRIPTIONS)
    assert session.unsubscribed == list(SUBSCRIPTIONS)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
