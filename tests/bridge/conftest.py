from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs
from support.bridging import Wire
from support.broker import MOSQUITTO, Mosquitto
from support.hooks import ACME, NOW, SEGMENT_KEY, SHOPIFY_SECRET, WOO_SECRET

from gateway.bridge.desk import Desk
from gateway.bridge.doors import Shop
from gateway.bridge.memory import Memory
from gateway.bridge.server import make_app
from gateway.domain.clock import ManualClock
from gateway.domain.ids import StoreName


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    with Memory(tmp_path / "bridge.db") as memory:
        yield memory


@pytest.fixture
def desk(wire: Wire, memory: Memory) -> Desk:
    return Desk(wire, memory, ManualClock(NOW))


@pytest.fixture
def client(desk: Desk, wire: Wire) -> httpx.AsyncClient:
    shops = [
        Shop(
            name=ACME,
            country="GB",
            currency="GBP",
            shopify=SHOPIFY_SECRET,
            woocommerce=WOO_SECRET,
            segment=SEGMENT_KEY,
        ),
        Shop(name=StoreName("other"), country="GB", currency=None, shopify="another"),
    ]
    app = make_app(desk, shops, lambda: wire.trouble is None)
    transport = httpx.ASGITransport(app=app)
    return httpx.AsyncClient(transport=transport, base_url="http://bridge")


@pytest.fixture
def logged() -> Iterator[list[Any]]:
    """The events that are logged from here on."""
    with capture_logs() as events:
        yield events


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    if MOSQUITTO is None:
        pytest.skip("mosquitto is not installed")
    (tmp_path / "broker").mkdir()
    broker = Mosquitto(tmp_path / "broker")
    broker.start()
    yield broker
    broker.stop()
