"""MQTT: what stores publish comes in here, and what they are told goes out.

The contract's topics and payloads, and the bridge to the broker. What becomes of a job is decided
in `gateway.dispatch`.
"""

from gateway.mqtt.bridge import MqttBridge
from gateway.mqtt.courier import Courier
from gateway.mqtt.errors import BrokerError, BrokerLostError, BrokerRefusedError
from gateway.mqtt.feed import FeedCounters
from gateway.mqtt.payloads import parse_cancel, parse_job
from gateway.mqtt.settings import MqttSettings
from gateway.mqtt.topics import presence_topic, store_topic

__all__ = [
    "BrokerError",
    "BrokerLostError",
    "BrokerRefusedError",
    "Courier",
    "FeedCounters",
    "MqttBridge",
    "MqttSettings",
    "parse_cancel",
    "parse_job",
    "presence_topic",
    "store_topic",
]
