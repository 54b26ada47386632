"""Every value may come from a variable, and faults then name the variable."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from support.configuration import CONTRACT, Write, only_fault

from gateway.domain.errors import ConfigurationError
from gateway.settings import Settings, load
from gateway.settings.load import arm_failpoint


@pytest.mark.parametrize(
    ("variable", "value", "read"),
    [
        ("SHOPBELL_GATEWAY__NODE", "box-2", lambda s: s.gateway.node == "box-2"),
        ("SHOPBELL_GATEWAY__GRACE", "5", lambda s: s.gateway.grace == 5),
        ("SHOPBELL_MQTT__URL", "mqtts://b", lambda s: str(s.mqtt.url) == "mqtts://b:8883"),
        (
            "SHOPBELL_DATABASE__URL",
            "sqlite:////x.db",
            lambda s: s.database.file == Path("/x.db"),
        ),
        ("SHOPBELL_MODEM__M0__RATE", "5/s", lambda s: s.modem[0].rate.per_second == 5),
        ("SHOPBELL_MODEM__M0__DAILY_LIMIT", "7", lambda s: s.modem[0].daily_limit == 7),
        ("SHOPBELL_MODEM__M0__ROUTES", "+1,+2", lambda s: s.modem[0].routes == ("+1", "+2")),
        ("SHOPBELL_MODEM__M0__USB_RESET", "true", lambda s: s.modem[0].usb_reset),
        (
            "SHOPBELL_MODEM__M0__POWER_COMMAND",
            "cut {usb}",
            lambda s: s.modem[0].power_command == ("cut", "{usb}"),
        ),
        ("SHOPBELL_MODEM__M0__HANG_UP", "true", lambda s: s.modem[0].hang_up),
        ("SHOPBELL_STORE__ACME__COUNTRY", "IE", lambda s: s.store[0].country == "IE"),
    ],
)
def test_overrides_the_file(
    write: Write,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    value: str,
    read: Callable[[Settings], bool],
) -> None:
    assert not read(load(write(CONTRACT)))
    monkeypatch.setenv(variable, value)
    assert read(load(write(CONTRACT)))


def test_overrides_one_entry_of_several(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOPBELL_MODEM__SIM_2__RATE", "9/h")
    text = f'{CONTRACT}\n[[modem]]\nname = "sim-2"\nport = "/dev/b"\n'

    rates = {modem.name: modem.rate.text for modem in load(write(text)).modem}

    assert rates == {"m0": "20/min", "sim-2": "9/h"}


@pytest.mark.parametrize(
    ("variable", "value", "remedy"),
    [
        ("SHOPBELL_GATEWAY__COUNTRY", "UK", 'did you mean "GB"?'),
        ("SHOPBELL_GATEWAY__CONTRY", "GB", "nearest known one is country"),
        ("SHOPBELL_MODEM__M0__RATE", "5", 'such as "20/min"'),
        ("SHOPBELL_MODEM__M9__RATE", "5/s", "SHOPBELL_MODEM__M0__KEY"),
        ("SHOPBELL_GATWAY__NODE", "x", "SHOPBELL_GATEWAY__KEY"),
        ("SHOPBELL_GATEWAY_NODE", "x", "SHOPBELL_GATEWAY__KEY, with two underscores"),
        ("SHOPBELL_GATEWAY", "x", "SHOPBELL_GATEWAY__KEY"),
        ("SHOPBELL_MODEM", "[]", "SHOPBELL_MODEM__NAME__KEY"),
    ],
)
def test_faults_name_the_variable(
    write: Write,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    value: str,
    remedy: str,
) -> None:
    monkeypatch.setenv(variable, value)

    fault = only_fault(write(CONTRACT))

    assert fault.source == variable
    assert remedy in fault.reason


def test_arms_a_failpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    armed: list[str] = []
    monkeypatch.setattr("gateway.domain.failpoint.arm", armed.append)
    arm_failpoint()
    monkeypatch.setenv("SHOPBELL_FAILPOINT", "intent_committed@3")
    arm_failpoint()
    assert armed == ["intent_committed@3"]


@pytest.mark.parametrize("spec", ["nowhere", "job_claimed@often"])
def test_names_the_failpoints_there_are(monkeypatch: pytest.MonkeyPatch, spec: str) -> None:
    monkeypatch.setenv("SHOPBELL_FAILPOINT", spec)
    with pytest.raises(ConfigurationError, match=r"SHOPBELL_FAILPOINT.*job_received"):
        arm_failpoint()
