"""The MQTT interface as an AsyncAPI 3 document with JSON Schemas, for developers of stores.

``make api`` writes it into ``docs/api`` from the models by which payloads are judged; the tests
hold the copy in the repository, and what a real gateway does, to it. No gateway runs any of this.
"""

from gateway.mqtt.asyncapi.channels import CHANNELS, MESSAGES
from gateway.mqtt.asyncapi.codes import CODES
from gateway.mqtt.asyncapi.document import build_document, build_schemas
from gateway.mqtt.asyncapi.files import render, write

__all__ = [
    "CHANNELS",
    "CODES",
    "MESSAGES",
    "build_document",
    "build_schemas",
    "render",
    "write",
]
