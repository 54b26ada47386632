"""A configuration with a store, and a real Mosquitto on the files that are made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.broker import MOSQUITTO, Mosquitto
from support.stores import CONFIGURATION

from gateway.stores.broker import write_broker_files
from gateway.stores.users import complete_users


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "shopbell.toml"
    file.write_text(CONFIGURATION)
    return file


@pytest.fixture
def start_broker(config: Path, tmp_path: Path) -> Iterator[Callable[[], Mosquitto]]:
    """Starts Mosquitto on what `shopbell broker-config` writes for `config`."""
    if MOSQUITTO is None:
        pytest.skip("mosquitto is not installed")
    (tmp_path / "log").mkdir()
    broker = Mosquitto(tmp_path / "log")
    config.write_text(config.read_text().replace(":1883", f":{broker.port}"))

    def start() -> Mosquitto:
        complete_users(config)
        broker.written = write_broker_files(config, tmp_path / "broker").files[0]
        broker.start()
        return broker

    yield start
    broker.stop()
