"""What who watches a running gateway asks, beside its modems."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.control.server import Operation
from gateway.mqtt import MqttBridge


class WatchDesk:
    """Tells how the broker is reached.

    Args:
        bridge: the gateway's end of MQTT.
    """

    def __init__(self, bridge: MqttBridge) -> None:
        self._bridge = bridge

    def operations(self) -> Mapping[str, Operation]:
        """Return what may be asked, by name."""
        return {"broker": self._broker}

    async def _broker(self, fields: Mapping[str, Any]) -> object:
        bridge = self._bridge
        return {
            "connected": bridge.connected,
            "storing": bridge.storing,
            "misaddressed": bridge.counters.misaddressed,
            "refused": dict(bridge.courier.refused),
        }
