"""The bridge as a process: what is opened, in which order, and how it ends."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import structlog

from gateway.bridge.desk import Desk
from gateway.bridge.doors import Shop
from gateway.bridge.memory import Memory
from gateway.bridge.server import make_app
from gateway.bridge.uplink import Uplink
from gateway.domain.clock import SystemClock
from gateway.domain.errors import ConfigurationError
from gateway.domain.ids import StoreName
from gateway.mqtt import MqttSettings
from gateway.settings import BridgeSettings, Settings
from gateway.web.server import open_listener
from gateway.web.server import serve as serve_http

log = structlog.get_logger(__name__)

STATE: Final = "bridge.db"
"""Beside the configuration, unless it says otherwise."""


async def serve(settings: Settings, config: Path, on_ready: Callable[[], None]) -> None:
    """Take calls until SIGTERM or SIGINT.

    Args:
        settings: the configuration.
        config: its file; what is remembered lies beside it.
        on_ready: called when calls are answered.

    Raises:
        ConfigurationError: there is no bridge in it, or none that anybody may call.
        StorageError: what it remembers cannot be opened.
        OSError: the address cannot be listened on.
    """
    bridge, shops = _bridge(settings), shops_of(settings)
    uplink = Uplink(_broker(settings, bridge))
    with Memory(_state(bridge, config)) as memory, _stop() as stop:
        app = make_app(Desk(uplink, memory, SystemClock()), shops, lambda: uplink.connected)
        listener = open_listener(bridge.listen)
        tasks = [
            asyncio.create_task(uplink.run(), name="bridge uplink"),
            asyncio.create_task(serve_http(app, listener), name="bridge http"),
        ]
        log.info("bridge_started", listen=bridge.listen, stores=[shop.name for shop in shops])
        on_ready()
        await _until(stop, tasks)
    log.info("bridge_stopped")


def shops_of(settings: Settings) -> list[Shop]:
    """Return the stores that a shop system can speak for.

    Raises:
        ConfigurationError: there are none.
    """
    shops = [
        Shop(
            name=StoreName(store.name),
            country=store.country,
            currency=store.currency or settings.gateway.currency,
            shopify=store.shopify,
            woocommerce=store.woocommerce,
            segment=store.segment,
        )
        for store in settings.store
        if store.shopify or store.woocommerce or store.segment
    ]
    if not shops:
        raise ConfigurationError(
            "no [[store]] has a secret for the bridge; write shopify_secret_file, "
            "woocommerce_secret_file or segment_key_file"
        )
    return shops


def _bridge(settings: Settings) -> BridgeSettings:
    if settings.bridge is None:
        raise ConfigurationError('there is no [bridge]; write listen = "127.0.0.1:8027" under it')
    return settings.bridge


def _state(bridge: BridgeSettings, config: Path) -> Path:
    return bridge.state or config.absolute().with_name(STATE)


def _broker(settings: Settings, bridge: BridgeSettings) -> MqttSettings:
    """Return how the broker is reached; a session of which nothing is kept when it ends."""
    mqtt = settings.mqtt
    return MqttSettings(
        host=mqtt.url.host,
        port=mqtt.url.port,
        tls=mqtt.url.tls,
        node=f"{settings.gateway.node}-bridge",
        ca_file=mqtt.ca_file,
        username=bridge.username,
        password=bridge.secret,
        protocol=mqtt.protocol,
        session_expiry_s=0,
    )


async def _until(stop: asyncio.Event, tasks: list[asyncio.Task[None]]) -> None:
    """Wait for the signal, or for a task that ends by itself; then end the tasks, HTTP first."""
    stopping = asyncio.create_task(stop.wait(), name="bridge stop")
    try:
        await asyncio.wait([stopping, *tasks], return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (stopping, *reversed(tasks)):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


@contextmanager
def _stop() -> Iterator[asyncio.Event]:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    try:
        yield stop
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
