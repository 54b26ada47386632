from __future__ import annotations

import pytest

from gateway.mqtt.settings import MqttSettings, parse_broker_url


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("mqtt://127.0.0.1:1883", ("127.0.0.1", 1883, False)),
        ("mqtt://broker.example", ("broker.example", 1883, False)),
        ("mqtts://broker.example", ("broker.example", 8883, True)),
        ("mqtts://broker.example:9000/", ("broker.example", 9000, True)),
        ("mqtt://[::1]:1884", ("::1", 1884, False)),
    ],
)
def test_a_broker_is_named_by_scheme_host_and_port(
    url: str, expected: tuple[str, int, bool]
) -> None:
    assert parse_broker_url(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        "127.0.0.1:1883",
        "http://broker",
        "mqtt://",
        "mqtt://user@broker",
        "mqtt://user:secret@broker",
        "mqtt://broker/path",
        "mqtt://broker:99999",
        "mqtt://broker?x=1",
    ],
)
def test_what_is_no_broker_is_refused_without_repeating_a_password(url: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_broker_url(url)
    assert "secret" not in str(caught.value)


def test_the_password_is_not_in_what_is_printed_of_the_settings() -> None:
    settings = MqttSettings(host="h", port=1, node="n", password="secret")
    assert "secret" not in repr(settings)


def test_the_client_id_is_that_of_the_node_so_that_the_session_is_found_again() -> None:
    assert MqttSettings(host="h", port=1, node="box-1").client_id == "shopbell-box-1"
