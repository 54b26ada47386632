"""One connection to the broker, and the one place that reaches under aiomqtt.

aiomqtt 2.5 has no manual acknowledgement (its issue #345) and its ``publish`` hides the reason
codes of MQTT 5; paho underneath has both. Everything that is private to either is used here and in
`gateway.mqtt.wire`, and nowhere else, and what it does was measured (RELIABILITY.md 0.3 and 1.2):

- acknowledging by hand is switched on *before* the connect, for queued messages arrive right
  behind the CONNACK and would be acknowledged before anybody has seen them;
- everything is QoS 1: paho answers QoS 2 before delivery, and such a session gets stuck;
- the session is the broker's to keep (fixed client id, no clean start, no expiry), and what is
  not acknowledged on one connection comes again on the next.

A session object is one connection. It is not connected again; the bridge makes another.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import ssl
import threading
from collections import deque
from collections.abc import AsyncIterator, Sequence
from typing import Any, Final, NoReturn

import aiomqtt
from paho.mqtt.client import Client as PahoClient
from paho.mqtt.client import ConnectFlags, MQTTMessage
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from gateway.mqtt.client import CONNECT_TIMEOUT_S, QOS, LastWill, make_client, make_tls_context
from gateway.mqtt.errors import BrokerLostError, BrokerRefusedError
from gateway.mqtt.ports import AckTicket, Received
from gateway.mqtt.reasons import FIRST_FAILURE, code_of, connect_error, lost_error
from gateway.mqtt.settings import MqttSettings
from gateway.mqtt.wire import Wire

IN_FLIGHT: Final = 100
"""Publications that wait for their PUBACK at once, where the broker names no limit."""

_connections = itertools.count(1)


class PahoSession:
    """A connection; made by `open_session` only. Belongs to the event loop's thread."""

    def __init__(
        self, settings: MqttSettings, will: LastWill | None, tls: ssl.SSLContext | None
    ) -> None:
        self._number = next(_connections)
        self._settings = settings
        self._client = make_client(settings, will, tls)
        self._paho: PahoClient = self._client._client
        self._loop = asyncio.get_running_loop()
        self._thread = threading.get_ident()
        self._waiting: deque[Received] = deque()
        self._arrived = asyncio.Event()
        self._taking = True
        self._wire = Wire(self._paho, v5=settings.protocol == "5", failed=self._fail)
        self._over = self._client._disconnected
        """aiomqtt's own word that the connection is over."""
        self.lost: asyncio.Future[None] = self._loop.create_future()
        """Holds the BrokerLostError once the connection is over, for whatever reason."""
        self.resumed = False
        """Whether the broker still had our session, with what it kept for us."""
        self._take_over_paho()

    # -- what the bridge, the feed and the publisher use ------------------------------------

    async def subscribe(self, topics: Sequence[str]) -> None:
        """Subscribe at QoS 1. Harmless when the session still has the subscription.

        Raises:
            BrokerLostError: the connection ended.
            BrokerRefusedError: the broker does not let us.
        """
        try:
            for topic in topics:
                codes = await self._client.subscribe(topic, **self._subscription())
                if any(code_of(code) >= FIRST_FAILURE for code in codes):
                    raise BrokerRefusedError(f"the broker refuses the subscription to {topic}")
        except aiomqtt.MqttError as error:
            raise BrokerLostError(str(error)) from error
        heed_cancellation()

    async def unsubscribe(self, topics: Sequence[str]) -> None:
        """End subscriptions; what is in flight, or waits for us at the broker, still comes.

        Raises:
            BrokerLostError: the connection ended.
        """
        try:
            for topic in topics:
                await self._client.unsubscribe(topic)
        except aiomqtt.MqttError as error:
            raise BrokerLostError(str(error)) from error
        heed_cancellation()

    def publish(self, topic: str, payload: str, *, retain: bool = False) -> asyncio.Future[int]:
        """Hand a payload over at QoS 1; the future has the reason code of its PUBACK.

        Payloads go out, and are answered, in the order of the calls. The future raises
        BrokerLostError when the connection ends first.
        """
        answer = self._wire.publish(topic, payload, retain=retain)
        if self.lost.done():
            self._wire.end(self._lost_error())
        return answer

    async def receive(self, limit: int) -> list[Received]:
        """Return what is waiting, at most ``limit``, waiting for the first.

        Empty when `stop_receiving` was called.

        Raises:
            BrokerLostError: the connection is gone; what was waiting on it will come again.
        """
        while not self._waiting and self._taking and not self.lost.done():
            self._arrived.clear()
            await self._arrived.wait()
        if self.lost.done():
            raise self._lost_error()
        if not self._taking:
            return []
        return [self._waiting.popleft() for _ in range(min(limit, len(self._waiting)))]

    async def wait_lost(self) -> NoReturn:
        """Wait for the end of the connection.

        Raises:
            BrokerLostError: always; it says why.
        """
        await asyncio.shield(self.lost)
        raise AssertionError("a lost connection always has its reason")

    def stop_receiving(self) -> None:
        """Let `receive` return nothing more; the broker keeps what is not acknowledged."""
        self._taking = False
        self._arrived.set()

    def acknowledge(self, messages: Sequence[Received]) -> None:
        """Tell the broker that these are ours now, in this order, and write it out at once.

        Raises:
            ValueError: a message came on another connection.
        """
        tickets = [message.ticket for message in messages if message.ticket is not None]
        if any(ticket.connection != self._number for ticket in tickets):
            raise ValueError("a message can only be acknowledged on its own connection")
        self._wire.acknowledge(ticket.mid for ticket in tickets)

    def abort(self) -> None:
        """Close the socket without a word; the broker publishes the last will."""
        self._paho._sock_close()
        self._end(BrokerLostError("the connection was aborted"))

    # -- connecting and closing -------------------------------------------------------------

    async def connect(self) -> None:
        """Open the connection.

        Raises:
            BrokerLostError: nobody answers there.
            BrokerRefusedError: the broker answered and said no.
        """
        entering = asyncio.create_task(self._client.__aenter__(), name="mqtt connect")
        try:
            await asyncio.shield(entering)
        except aiomqtt.MqttError as error:
            self.abort()
            raise connect_error(error) from error
        except asyncio.CancelledError:
            # aiomqtt opens the socket in a thread that cannot be stopped; let it end, at most
            # CONNECT_TIMEOUT_S later, so that nothing is left open behind us.
            with contextlib.suppress(aiomqtt.MqttError):
                await entering
            self.abort()
            raise
        if self._client._disconnected is not self._over:
            # Gone right behind its CONNACK, which aiomqtt forgets by taking a new future.
            self._on_over(self._over)
            self.abort()
            raise self._lost_error()

    async def disconnect(self) -> None:
        """Say goodbye, so that the last will stays unsaid; the broker keeps the session."""
        try:
            if not self.lost.done():
                await self._client.__aexit__(None, None, None)
        except aiomqtt.MqttError:
            pass  # it was going to be closed anyway
        finally:
            self.abort()

    # -- what paho calls --------------------------------------------------------------------

    def _take_over_paho(self) -> None:
        paho = self._paho
        paho.disable_logger()  # it repeats as errors what the bridge says once
        paho.manual_ack_set(True)
        paho.connect_timeout = CONNECT_TIMEOUT_S
        paho.on_message = self._on_message
        paho.on_socket_register_write = self._on_socket_register_write
        paho.on_connect = self._on_connect

    def _on_connect(
        self,
        client: PahoClient,
        userdata: Any,
        flags: ConnectFlags,
        reason: ReasonCode,
        properties: Properties | None,
    ) -> None:
        self.resumed = flags.session_present
        self._over = self._client._disconnected
        self._over.add_done_callback(self._on_over)
        # What the broker allows in flight (Mosquitto: 20).
        self._wire.open(getattr(properties, "ReceiveMaximum", IN_FLIGHT))
        self._client._on_connect(client, userdata, flags, reason, properties)

    def _on_message(self, _client: PahoClient, _userdata: Any, message: MQTTMessage) -> None:
        ticket = AckTicket(self._number, message.mid) if message.qos else None
        try:
            topic = message.topic
        except UnicodeDecodeError:
            topic = ""  # no topic of ours; is counted and acknowledged as such
        self._waiting.append(
            Received(
                topic=topic, payload=bytes(message.payload), retain=message.retain, ticket=ticket
            )
        )
        self._arrived.set()

    def _fail(self, error: Exception) -> None:
        """Take what was raised while reading for the end of the connection, as aiomqtt does."""
        over = self._client._disconnected
        if not over.done():
            over.set_exception(error)

    def _on_socket_register_write(self, client: PahoClient, _userdata: Any, sock: Any) -> None:
        """Watch the socket for room at once.

        aiomqtt does it a turn of the loop later, when paho may have written everything and closed
        the socket already.
        """
        if threading.get_ident() == self._thread:
            self._loop.add_writer(sock.fileno(), client.loop_write)
        else:  # the CONNECT, which paho queues in the thread that opened the socket
            self._loop.call_soon_threadsafe(self._loop.add_writer, sock.fileno(), client.loop_write)

    def _on_over(self, over: asyncio.Future[None]) -> None:
        error = None if over.cancelled() else over.exception()
        self._end(lost_error(error, self._settings.client_id))

    def _lost_error(self) -> BrokerLostError:
        """Return why the connection is over, anew for each who is told."""
        return BrokerLostError(str(self.lost.exception()))

    def _end(self, error: BrokerLostError) -> None:
        if not self.lost.done():
            self.lost.set_exception(error)
            self.lost.exception()  # whoever does not wait for it must not be warned of it
        self._wire.end(error)
        self._arrived.set()

    def _subscription(self) -> dict[str, Any]:
        """Ask that retained jobs be marked as such and come once only (MQTT 5, 3.8.3.1).

        MQTT 3.1.1 has no words for that: there a retained job comes, and is refused, each time.
        """
        if self._settings.protocol != "5":
            return {"qos": QOS}
        return {"options": SubscribeOptions(qos=QOS, retainAsPublished=True, retainHandling=1)}


def heed_cancellation() -> None:
    """End here if this task was cancelled.

    aiomqtt waits with ``asyncio.wait_for``, which until Python 3.12 forgets a cancellation that
    comes in the same turn of the loop as what it waits for.

    Raises:
        CancelledError: it was.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


@contextlib.asynccontextmanager
async def open_session(settings: MqttSettings, will: LastWill | None) -> AsyncIterator[PahoSession]:
    """Connect, and disconnect at the end.

    Raises:
        BrokerLostError: nobody answers there.
        BrokerRefusedError: the broker answered and said no.
    """
    tls = await asyncio.to_thread(make_tls_context, settings) if settings.tls else None
    session = PahoSession(settings, will, tls)
    await session.connect()
    try:
        yield session
    finally:
        await session.disconnect()
