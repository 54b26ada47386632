"""The AsyncAPI 3 document of the MQTT interface, made of the table of channels (EVENTS.md 3).

In version 3 an action is the described application's: the gateway *receives* jobs and *sends*
statuses. A channel has no binding in MQTT; QoS and retain are an operation's.
"""

from __future__ import annotations

from typing import Any, Final

from gateway.mqtt.asyncapi.channels import CHANNELS, MESSAGES, PARAMETERS, Channel
from gateway.mqtt.asyncapi.codes import CODES
from gateway.mqtt.asyncapi.message import Message
from gateway.mqtt.asyncapi.schemas import schema_of
from gateway.mqtt.client import KEEPALIVE_S, QOS
from gateway.mqtt.document import MAX_PAYLOAD_BYTES
from gateway.mqtt.settings import NEVER_S

API_VERSION: Final = "1.0.0"
"""Rises in the middle with each addition; what would break a store needs a topic or a type of its
own (`gateway.mqtt.asyncapi.additive`)."""

BINDING: Final = "0.2.0"
"""Of the MQTT bindings."""

Json = dict[str, Any]

_ABOUT: Final = f"""\
What a store's software and a Shopbell gateway say to each other over MQTT, version 5 or 3.1.1,
always with QoS 1. Made from the models by which the gateway judges what it is sent. Ignore fields
that you do not know; fields may be added. A payload of more than {MAX_PAYLOAD_BYTES // 1024} KiB is
refused, or never reaches the gateway. Nothing about a person is retained, and no topic holds a
number."""


def build_document() -> Json:
    """Return the document; references to schemas are relative to where it lies."""
    return {
        "asyncapi": "3.0.0",
        "id": "urn:shopbell:mqtt:v1",
        "info": {
            "title": "Shopbell over MQTT",
            "version": API_VERSION,
            "description": _ABOUT.replace("\n", " "),
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {"broker": _server()},
        "channels": {channel.name: _channel(channel) for channel in CHANNELS},
        "operations": {channel.operation: _operation(channel) for channel in CHANNELS},
        "components": {
            "securitySchemes": {"user": {"type": "userPassword"}},
            "correlationIds": {"id": {"location": "$message.payload#/id"}},
            "messages": {message.name: _message(message) for message in MESSAGES},
        },
        "x-codes": CODES,
    }


def build_schemas() -> dict[str, Json]:
    """Return the schema of each message, by its file."""
    return {message.file: schema_of(message.model, message.title) for message in MESSAGES}


def _server() -> Json:
    return {
        "host": "broker.example:8883",
        "protocol": "secure-mqtt",
        "protocolVersion": "5.0",
        "description": "The operator's broker; a store's user has the store's name.",
        "security": [{"$ref": "#/components/securitySchemes/user"}],
        "bindings": {
            "mqtt": {
                "cleanSession": False,
                "keepAlive": KEEPALIVE_S,
                "sessionExpiryInterval": NEVER_S,
                "bindingVersion": BINDING,
            }
        },
    }


def _channel(channel: Channel) -> Json:
    parameter = channel.parameter
    return {
        "address": channel.address,
        "parameters": {parameter: {"description": PARAMETERS[parameter]}},
        "messages": {
            message.name: {"$ref": f"#/components/messages/{message.name}"}
            for message in channel.messages
        },
        "bindings": {"mqtt": {}},
    }


def _operation(channel: Channel) -> Json:
    return {
        "action": channel.action,
        "channel": {"$ref": f"#/channels/{channel.name}"},
        "messages": [
            {"$ref": f"#/channels/{channel.name}/messages/{message.name}"}
            for message in channel.messages
        ],
        "bindings": {"mqtt": {"qos": QOS, "retain": channel.retained, "bindingVersion": BINDING}},
    }


def _message(message: Message) -> Json:
    written: Json = {
        "name": message.name,
        "title": message.title,
        "summary": message.summary,
        "contentType": message.content_type,
        "payload": {"$ref": f"./{message.file}"},
        "examples": [
            {"name": one.name, "summary": one.summary, "payload": dict(one.payload)}
            for one in message.examples
        ],
        "bindings": {"mqtt": {"payloadFormatIndicator": 1, "bindingVersion": BINDING}},
    }
    if "id" in message.model.model_fields:
        written["correlationId"] = {"$ref": "#/components/correlationIds/id"}
    if message.refused:
        written["x-refused"] = [
            {
                "summary": one.summary,
                "payload": one.payload,
                "error": {"code": one.code, "field": one.field},
            }
            for one in message.refused
        ]
    return written
