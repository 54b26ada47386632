"""Where things are, as an operator writes it."""

from __future__ import annotations

import pytest

from gateway.settings.places import BrokerAddress, read_broker


@pytest.mark.parametrize(
    ("url", "host", "port", "tls"),
    [
        ("mqtt://127.0.0.1:1883", "127.0.0.1", 1883, False),
        ("mqtt://broker.example", "broker.example", 1883, False),
        ("mqtts://broker.example", "broker.example", 8883, True),
        ("mqtts://broker.example:9000/", "broker.example", 9000, True),
        ("mqtt://[::1]:1884", "::1", 1884, False),
    ],
)
def test_a_broker_is_named_by_scheme_host_and_port(
    url: str, host: str, port: int, tls: bool
) -> None:
    assert read_broker(url) == BrokerAddress(host=host, port=port, tls=tls)


@pytest.mark.parametrize("url", ["", "mqtt://", "mqtt://user:secret@broker", "mqtt://broker?x=1"])
def test_what_is_no_broker_is_refused_without_repeating_a_password(url: str) -> None:
    with pytest.raises(ValueError) as caught:
        read_broker(url)
    assert "secret" not in str(caught.value)
