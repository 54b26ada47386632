from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs
from support.broker import MOSQUITTO, Mosquitto
from support.door import Door
from support.mqtt import FakeDatabase

from gateway.db import Database


@pytest.fixture
def logged() -> Iterator[list[Any]]:
    """The events that are logged from here on."""
    with capture_logs() as events:
        yield events


@pytest.fixture
def database() -> Iterator[FakeDatabase]:
    database = FakeDatabase()
    yield database
    database.close()


@pytest.fixture
def make_broker(tmp_path: Path) -> Iterator[Callable[..., Mosquitto]]:
    """Starts brokers that end with the test."""
    if MOSQUITTO is None:
        pytest.skip("mosquitto is not installed")
    brokers: list[Mosquitto] = []

    def make(**options: Any) -> Mosquitto:
        directory = tmp_path / f"broker{len(brokers)}"
        directory.mkdir()
        broker = Mosquitto(directory, **options)
        brokers.append(broker)
        broker.start()
        return broker

    yield make
    for broker in brokers:
        broker.stop()


@pytest.fixture
def broker(make_broker: Callable[..., Mosquitto]) -> Mosquitto:
    return make_broker()


@pytest.fixture
async def door(broker: Mosquitto, tmp_path: Path) -> AsyncIterator[Door]:
    async with Database.open(f"sqlite:///{tmp_path / 'shopbell.db'}") as database:
        door = Door(broker, database)
        async with door.store():
            yield door
