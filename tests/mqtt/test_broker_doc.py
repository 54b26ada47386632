"""docs/broker.md shows what `shopbell broker-config` writes; tests/stores runs Mosquitto on it."""

from __future__ import annotations

import re
from pathlib import Path

from gateway.mqtt.acl import access_list
from gateway.stores.mosquitto import MARK, BrokerPlan, Certificate, Place, configuration

DOC = Path(__file__).parents[2] / "docs" / "broker.md"
MOSQUITTO = Path("/etc/mosquitto")


def blocks() -> list[str]:
    return re.findall(r"(?ms)^```\w*\n(.*?)^```$", DOC.read_text(encoding="utf-8"))


def test_the_shown_configuration_is_the_one_that_is_written() -> None:
    plan = BrokerPlan(
        passwords=MOSQUITTO / "conf.d" / "shopbell.passwd",
        access=MOSQUITTO / "conf.d" / "shopbell.acl",
        plain=Place(host="127.0.0.1", port=1883),
        tls=Place(host="0.0.0.0", port=8883),  # noqa: S104 -- where the document has it
        certificate=Certificate(
            cert=MOSQUITTO / "certs" / "broker.pem", key=MOSQUITTO / "certs" / "broker.key"
        ),
        user="mosquitto",
        data=None,
    )
    assert any(block == configuration(plan).removeprefix(f"{MARK}\n\n") for block in blocks())


def test_the_shown_access_list_is_the_one_that_is_written() -> None:
    assert access_list("gateway") in blocks()
