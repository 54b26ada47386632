from __future__ import annotations

import aiomqtt
import pytest
from aiomqtt.exceptions import MqttConnectError
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.reasoncodes import ReasonCode

from gateway.mqtt.errors import BrokerError, BrokerLostError, BrokerRefusedError
from gateway.mqtt.reasons import code_of, connect_error, lost_error, puback_name


def connack(code: int) -> ReasonCode:
    return ReasonCode(PacketTypes.CONNACK, identifier=code)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (0x84, BrokerRefusedError),
        (0x85, BrokerRefusedError),
        (0x86, BrokerRefusedError),
        (0x87, BrokerRefusedError),
        (0x8A, BrokerRefusedError),
        (0x88, BrokerLostError),
        (0x89, BrokerLostError),
        (0x97, BrokerLostError),
    ],
)
def test_only_what_a_person_must_mend_is_a_refusal(code: int, kind: type[BrokerError]) -> None:
    assert type(connect_error(MqttConnectError(connack(code)))) is kind


@pytest.mark.parametrize("code", [0x86, 0x87])
def test_a_refusal_for_credentials_says_which_settings_to_look_at(code: int) -> None:
    assert "username and password_file" in str(connect_error(MqttConnectError(connack(code))))


def test_a_connection_that_could_not_be_made_is_a_loss_with_its_reason() -> None:
    error = connect_error(aiomqtt.MqttError("Connection refused"))
    assert type(error) is BrokerLostError
    assert str(error) == "Connection refused"


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (0x8E, "client id shopbell-box-1"),
        (0x8D, "Keep alive timeout"),
        (0x80, "the connection broke"),
    ],
)
def test_the_reason_of_a_loss_is_told_in_words(code: int, says: str) -> None:
    reason = ReasonCode(PacketTypes.DISCONNECT, identifier=code)
    assert says in str(lost_error(aiomqtt.MqttCodeError(reason), "shopbell-box-1"))


def test_a_loss_by_an_error_of_the_socket_keeps_its_words() -> None:
    assert str(lost_error(BrokenPipeError("broken pipe"), "x")) == "broken pipe"
    assert "closed" in str(lost_error(None, "x"))


@pytest.mark.parametrize(("reason", "code"), [(None, 0), (0, 0), (0x87, 0x87)])
def test_a_reason_is_a_number_whatever_the_protocol(reason: int | None, code: int) -> None:
    assert code_of(reason) == code
    assert code_of(connack(0x87)) == 0x87


def test_codes_are_named_where_they_have_a_name() -> None:
    assert puback_name(0x97) == "0x97 Quota exceeded"
    assert puback_name(0xFE) == "0xfe"
