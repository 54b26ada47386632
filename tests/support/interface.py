"""Holds what a gateway said to the document of its interface."""

from __future__ import annotations

import re
from typing import Any

from support.schemas import faults, surplus

from gateway.mqtt.asyncapi import CHANNELS
from gateway.mqtt.asyncapi.channels import Channel


def assert_documented(topic: str, payload: dict[str, Any]) -> None:
    """Hold a payload to the schema of its topic, and to no more fields than it tells of."""
    [message] = channel_of(topic).messages
    assert faults(message.name, payload) == [], payload
    assert surplus(message.name, payload) == set(), payload


def channel_of(topic: str) -> Channel:
    """Return the channel that a topic is of; there is one for each that a gateway publishes on."""
    sent = [channel for channel in CHANNELS if channel.action == "send"]
    [channel] = [
        channel
        for channel in sent
        if re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(channel.address)), topic)
    ]
    return channel
