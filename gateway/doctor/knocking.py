"""Knocking at the broker: connections of our own that leave no trace of themselves.

They have a client id that no gateway has, since a second connection under the gateway's would end
the first, and their sessions end with them.
"""

from __future__ import annotations

import os
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from time import monotonic
from typing import Any, Final

from paho.mqtt.client import Client, ConnectFlags, MQTTv5, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from gateway.doctor.broker import BrokerFacts, Session
from gateway.mqtt.client import make_tls_context
from gateway.mqtt.settings import MqttSettings
from gateway.mqtt.topics import PREFIX, Inward

ANSWER: Final = 4.0
"""Seconds for TCP and TLS, and again for the CONNACK."""

NOBODY: Final = "doctor-test"
"""A store that there is not: what is published in its name is refused, whoever lets it pass."""

_WANTED_S: Final = 86_400
"""Seconds for which a session is asked to be kept; it ends with its DISCONNECT all the same."""

_REFUSED: Final = 0x80
_LOCAL: Final = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Login:
    """A user of the broker."""

    username: str | None
    password: str | None


def look(
    settings: MqttSettings, now: datetime, stores: dict[str, str] | None = None
) -> BrokerFacts:
    """Knock at the broker.

    Args:
        settings: where it is, and who we are to it.
        now: aware.
        stores: passwords of stores, to try whether one may publish as another; None: do not.
    """
    facts = BrokerFacts(
        address=f"{settings.host}:{settings.port}",
        now=now,
        username=settings.username,
        remote=settings.host not in _LOCAL,
        shared=settings.shared,
    )
    tls = make_tls_context(settings) if settings.tls else None
    try:
        facts = replace(facts, certificate_ends=_reach(settings, tls))
    except ssl.SSLError as error:
        return replace(facts, untrusted=getattr(error, "verify_message", "") or str(error))
    except OSError as error:
        return replace(facts, unreachable=error.strerror or str(error) or "no answer in time")
    return _log_in(settings, tls, facts, stores)


def _log_in(
    settings: MqttSettings,
    tls: ssl.SSLContext | None,
    facts: BrokerFacts,
    stores: dict[str, str] | None,
) -> BrokerFacts:
    own = Login(username=settings.username, password=settings.password)
    knock = Knock(settings, tls, own)
    facts = replace(facts, refused=knock.refused, session=knock.session)
    if settings.username is not None:
        anybody = Knock(settings, tls, Login(username=None, password=None))
        facts = replace(facts, lets_anybody_in=anybody.session is not None)
    elif not facts.refused:
        facts = replace(facts, lets_anybody_in=True)
    for name, password in (stores or {}).items():
        login = Login(username=name, password=password)
        trespass = Knock(settings, tls, login, topic=f"{PREFIX}/{NOBODY}/{Inward.JOBS}")
        if trespass.published is not None:
            return replace(facts, trespass=trespass.published, trespasser=name)
    return facts


def _reach(settings: MqttSettings, tls: ssl.SSLContext | None) -> datetime | None:
    """Connect and hang up; return when the certificate ends, where there is one.

    Raises:
        ssl.SSLError: it is not believed.
        OSError: nobody answers.
    """
    with socket.create_connection((settings.host, settings.port), ANSWER) as plain:
        if tls is None:
            return None
        with tls.wrap_socket(plain, server_hostname=settings.host) as wrapped:
            told: Any = wrapped.getpeercert() or {}
            return datetime.fromtimestamp(ssl.cert_time_to_seconds(told["notAfter"]), UTC)


class Knock:
    """One connection, from its first word to its last.

    Attributes:
        refused: what the broker said, where it said no, or nothing in time.
        session: what it granted, where it took the login.
        published: whether it took what was published; None: nothing was, or it does not tell.
    """

    def __init__(
        self, settings: MqttSettings, tls: ssl.SSLContext | None, login: Login, topic: str = ""
    ) -> None:
        self.refused = "no answer in time"
        self.session: Session | None = None
        self.published: bool | None = None
        self._settings = settings
        self._v5 = settings.protocol == "5"
        self._keeping = self._v5 and not topic
        self._client = self._make(tls, login)
        self._over = False
        self._run(topic)

    def _make(self, tls: ssl.SSLContext | None, login: Login) -> Client:
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"shopbell-doctor-{os.getpid()}",
            clean_session=None if self._v5 else True,
            protocol=MQTTv5 if self._v5 else MQTTv311,
            reconnect_on_failure=False,
        )
        client.disable_logger()
        client.connect_timeout = ANSWER
        if tls is not None:
            client.tls_set_context(tls)
        if login.username is not None:
            client.username_pw_set(login.username, login.password)
        client.on_connect = self._on_connect
        client.on_publish = self._on_publish
        return client

    def _run(self, topic: str) -> None:
        try:
            self._connect()
            self._loop(lambda: self.session is not None)
            if topic and self.session is not None and self._v5:
                self._client.publish(topic, "{}", qos=1)
                self._loop(lambda: self.published is not None)
        except (OSError, ValueError) as error:
            self.refused = str(error)
        finally:
            with suppress(OSError, ValueError):
                self._hang_up()

    def _connect(self) -> None:
        """Connect; who only knocks to publish asks for no session to be kept."""
        properties = None
        if self._keeping:
            properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho's
            properties.SessionExpiryInterval = _WANTED_S
        where = self._settings.host, self._settings.port
        if self._v5:
            self._client.connect(*where, clean_start=True, properties=properties)
        else:
            self._client.connect(*where)

    def _loop(self, done: Any) -> None:
        end = monotonic() + ANSWER
        while not done() and not self._over and monotonic() < end:
            self._over = self._client.loop(timeout=0.2) != 0

    def _hang_up(self) -> None:
        if self._keeping:
            properties = Properties(PacketTypes.DISCONNECT)  # type: ignore[no-untyped-call]
            properties.SessionExpiryInterval = 0
            self._client.disconnect(properties=properties)
        else:
            self._client.disconnect()
        while self._client.loop(timeout=0.2) == 0:  # until the broker has hung up, too
            pass

    def _on_connect(
        self,
        _client: Client,
        _userdata: Any,
        _flags: ConnectFlags,
        reason: ReasonCode,
        granted: Properties | None,
    ) -> None:
        if reason.is_failure:
            self.refused, self._over = str(reason), True
            return
        self.refused = ""
        self.session = _read(granted) if self._v5 else Session(protocol="3.1.1")

    def _on_publish(
        self, _client: Client, _userdata: Any, _mid: int, reason: ReasonCode, _more: Any
    ) -> None:
        self.published = reason.value < _REFUSED


def _read(granted: Properties | None) -> Session:
    """Read what a CONNACK grants; what it does not say is as asked for."""
    return Session(
        protocol="5",
        keeps_sessions=getattr(granted, "SessionExpiryInterval", _WANTED_S) >= _WANTED_S,
        quality=getattr(granted, "MaximumQoS", 2),
        retains=bool(getattr(granted, "RetainAvailable", 1)),
        shares=bool(getattr(granted, "SharedSubscriptionAvailable", 1)),
        in_flight=getattr(granted, "ReceiveMaximum", 65_535),
        packet=getattr(granted, "MaximumPacketSize", None),
    )
