"""The door as stores see it: bridge, admission and database are real, and so is the broker."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

import aiomqtt
import pytest
from support.broker import Mosquitto
from support.door import PATIENCE_S, Door, running
from support.world import ACME

from gateway.db import Database
from gateway.db.listing import list_jobs
from gateway.domain.ids import StoreName

GOOD = {"to": "+447700900123", "text": "Your order has shipped.", "purpose": "transactional"}


def job(name: str, **changes: Any) -> bytes:
    return json.dumps({"id": name} | GOOD | changes).encode()


async def test_a_job_is_accepted_and_said_to_be(door: Door) -> None:
    async with running(door.bridge):
        await door.publish(job("a"))
        [(kind, status)] = await door.told(1)
    assert (kind, status["id"], status["state"], status["seq"]) == ("status", "a", "accepted", 1)


@pytest.mark.rule("G-15")
async def test_a_store_reaches_its_own_jobs_alone_whatever_ids_it_knows(door: Door) -> None:
    """The same id is another job for another store, and no store can cancel, see or take it."""
    door.world.admission.countries = {StoreName(name): "GB" for name in (ACME, "books")}
    async with running(door.bridge):
        await door.publish(job("a", text="of acme"))
        assert (await door.told(1))[0][1]["state"] == "accepted"
        await door.publish(b'{"id": "a"}', store="books", kind="cancel")
        assert (await door.told(1))[0][1]["error"]["code"] == "unknown_job"
        await door.publish(job("a", text="of books"), store="books")
        assert (await door.told(1))[0][1]["state"] == "accepted"
        await door.publish(b'{"id": "a"}', store="books", kind="cancel")
        assert (await door.told(1))[0][1]["state"] == "cancelled"
        listed = await door.world.database.read(list_jobs)
    assert [(one.store, one.text, one.state) for one in listed] == [
        ("books", "of books", "cancelled"),
        (ACME, "of acme", "accepted"),
    ]


async def retained(broker: Mosquitto) -> list[str]:
    """Return the topics of what the broker keeps for whoever comes."""
    kept: list[str] = []
    async with aiomqtt.Client(broker.host, broker.port) as client:
        await client.subscribe("shopbell/#", qos=1)
        with suppress(TimeoutError):
            async with asyncio.timeout(0.5):
                async for message in client.messages:
                    kept += [message.topic.value] if message.retain else []
    return kept


@pytest.mark.rule("G-7", "G-14")
@pytest.mark.parametrize(("protocol", "earlier"), [("5", False), ("5", True), ("3.1.1", True)])
async def test_nothing_of_a_person_stays_retained(
    broker: Mosquitto, tmp_path: Path, protocol: Literal["5", "3.1.1"], earlier: bool
) -> None:
    """Under 3.1.1 what is retained is known as such at the next connection only."""
    async with Database.open(f"sqlite:///{tmp_path / 'shopbell.db'}") as database:
        door = Door(broker, database, protocol)
        async with door.store():
            if earlier:
                await door.publish(job("kept"), retain=True)
                assert await retained(broker) == ["shopbell/v1/acme/jobs"]
            async with running(door.bridge):
                if not earlier:
                    await door.publish(job("kept"), retain=True)
                heard = await door.told(1)
                assert await retained(broker) == ["shopbell/v1/gateway/box-1"]
    assert [(kind, body["id"], body["error"]["code"]) for kind, body in heard] == [
        ("rejected", "kept", "retained")
    ]


async def test_bad_input_of_every_kind_is_refused_and_stops_nothing(door: Door) -> None:
    async with running(door.bridge):
        await door.publish(b"x" * 10_000_000)
        await door.publish(b"\xff\xfe")
        await door.publish(b"{")
        await door.publish(job("nan")[:-1] + b', "x": NaN}')
        await door.publish(job("typo", expire_at="x"))
        await door.publish(job("type", to=447700900123))
        await door.publish(job("number", to="12"))
        await door.publish(job("kept"), retain=True)
        await door.publish(job("who"), store="nobody")
        await door.publish(job("a"))
        heard = await door.told(10)
        # A removal by hand is none of our business either.
        await door.client.publish(f"shopbell/v1/{ACME}/jobs", b"", qos=1, retain=True)
    refusals = [(body["id"], body["error"]["code"]) for kind, body in heard if kind == "rejected"]
    assert refusals == [
        (None, "too_large"),
        (None, "invalid_utf8"),
        (None, "not_json"),
        ("nan", "not_json"),
        ("typo", "unknown_field"),
        ("type", "wrong_type"),
        ("number", "invalid_number"),
        ("kept", "retained"),
        ("who", "unknown_store"),
    ]
    assert heard[-1][1]["state"] == "accepted"
    assert sum(door.bridge.counters.rejected.values()) >= 9
    assert door.bridge.counters.accepted == 1


async def test_what_is_published_while_the_gateway_is_away_is_taken_when_it_is_back(
    door: Door,
) -> None:
    async with running(door.bridge):
        pass
    for number in range(50):
        await door.publish(job(f"job-{number}"))
    async with running(door.make_bridge()):
        heard = await door.told(50)
    assert [body["id"] for _, body in heard] == [f"job-{number}" for number in range(50)]


@pytest.mark.parametrize("end", ["restart", "kill"])
async def test_a_broker_that_comes_back_finds_us_and_our_outbox(
    make_broker: Callable[..., Mosquitto], tmp_path: Path, end: str
) -> None:
    broker = make_broker(durable=True)
    async with Database.open(f"sqlite:///{tmp_path / 'shopbell.db'}") as database:
        door = Door(broker, database)
        async with running(door.bridge):
            async with door.store():
                await door.publish(job("before"))
                await door.told(1)
            await asyncio.to_thread(broker.stop if end == "restart" else broker.kill)
            # Answers that arise while the broker is away wait in the outbox.
            await door.world.accept("meanwhile")
            await asyncio.to_thread(broker.start)
            async with door.store():
                [(_, status)] = await door.told(1)
                assert status["id"] == "meanwhile"
                await door.publish(job("after"))
                [(_, status)] = await door.told(1)
                assert status["id"] == "after"


async def test_an_access_list_that_forbids_one_kind_does_not_stop_the_others(
    make_broker: Callable[..., Mosquitto], tmp_path: Path
) -> None:
    """Mosquitto 2.0.11 closes our connection at each refusal, which must not go round for ever."""
    access = tmp_path / "access"
    access.write_text("topic deny shopbell/v1/acme/rejected\ntopic readwrite shopbell/#\n")
    broker = make_broker(extra=f"acl_file {access}")
    async with Database.open(f"sqlite:///{tmp_path / 'shopbell.db'}") as database:
        door = Door(broker, database)
        async with door.store(), running(door.bridge):
            for number in range(5):
                await door.publish(b"no json")
                await door.publish(job(f"job-{number}"))
            accepted: set[str] = set()
            while len(accepted) < 5:  # some twice: what was not acknowledged at the loss came again
                [(_, status)] = await door.told(1)
                accepted.add(status["id"])
            assert await door.bridge.flush(PATIENCE_S)
        assert accepted == {f"job-{number}" for number in range(5)}
        assert door.bridge.courier.refused[0x87] >= 5


async def test_an_access_list_of_before_that_lets_us_remove_nothing_stops_nothing(
    make_broker: Callable[..., Mosquitto], tmp_path: Path
) -> None:
    """One user for the gateway, as such a list has; stores are anonymous here."""
    access = tmp_path / "access"
    access.write_text(
        "topic readwrite shopbell/#\nuser gateway\ntopic read shopbell/v1/+/jobs\n"
        "topic write shopbell/v1/acme/status\ntopic write shopbell/v1/acme/rejected\n"
        "topic write shopbell/v1/gateway/+\n"
    )
    broker = make_broker(extra=f"acl_file {access}")
    async with Database.open(f"sqlite:///{tmp_path / 'shopbell.db'}") as database:
        door = Door(broker, database, user="gateway")
        async with door.store(), running(door.bridge):
            await door.publish(job("kept"), retain=True)
            await door.publish(job("after"))
            told = [await door.told(1) for _ in range(2)]
            while told[-1][0][1]["id"] != "after":  # "kept" again: it was not acknowledged
                told.append(await door.told(1))
    assert {body["id"] for [(kind, body)] in told if kind == "rejected"} == {"kept"}
    assert len(told) <= 4
    assert len(door.sessions) <= 3


async def test_stores_see_us_come_vanish_return_and_go(door: Door, broker: Mosquitto) -> None:
    async with aiomqtt.Client(broker.host, broker.port) as watcher:
        await watcher.subscribe("shopbell/v1/gateway/+", qos=1)
        async with running(door.bridge):
            assert await _state(watcher) == "online"
            door.sessions[0].abort()
            assert await _state(watcher) == "offline"
            assert await _state(watcher) == "online"
        assert await _state(watcher) == "offline"


async def _state(watcher: aiomqtt.Client) -> str:
    async with asyncio.timeout(10):
        message = await anext(aiter(watcher.messages))
    return str(json.loads(bytes(message.payload))["state"])


async def test_a_stopping_gateway_leaves_with_the_broker_what_it_did_not_take(door: Door) -> None:
    async with running(door.bridge):
        door.bridge.stop_intake()
        await door.publish(job("late"))
        assert await door.bridge.flush(5)
        await asyncio.sleep(0.2)
        assert door.bridge.counters.received == 0
    async with running(door.make_bridge()):
        [(_, status)] = await door.told(1)
    assert (status["id"], status["state"]) == ("late", "accepted")
