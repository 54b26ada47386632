from __future__ import annotations

from gateway.mqtt.settings import MqttSettings


def test_the_password_is_not_in_what_is_printed_of_the_settings() -> None:
    settings = MqttSettings(host="h", port=1, node="n", password="secret")
    assert "secret" not in repr(settings)


def test_the_client_id_is_that_of_the_node_so_that_the_session_is_found_again() -> None:
    assert MqttSettings(host="h", port=1, node="box-1").client_id == "shopbell-box-1"
