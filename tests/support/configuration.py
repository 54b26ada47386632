"""The contract's own configuration, and what is found wrong with one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.settings import Fault, FaultyConfigurationError, load

CONTRACT = """
[gateway]
node = "box-1"
country = "GB"

[database]
url = "sqlite:///shopbell.db"

[mqtt]
url = "mqtt://127.0.0.1:1883"
username = "gateway"
password_file = "mqtt.password"

[console]
listen = "127.0.0.1:8025"

[[modem]]
name = "m0"
port = "/dev/serial/by-id/usb-stick"
rate = "20/min"
daily_limit = 200
pin_file = "m0.pin"
routes = ["+44"]

[[store]]
name = "acme"
country = "GB"
timezone = "Europe/London"
"""
"""As CONTRACT.md section 3 shows it."""

Write = Callable[[str], Path]
"""Writes a configuration and returns its path."""


def faults_of(file: Path) -> tuple[Fault, ...]:
    with pytest.raises(FaultyConfigurationError) as caught:
        load(file)
    return caught.value.faults


def only_fault(file: Path) -> Fault:
    (fault,) = faults_of(file)
    return fault
