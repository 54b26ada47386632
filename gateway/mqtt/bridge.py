"""Keeps the gateway and its broker together: connects, serves, and comes back after every loss.

A broker that is down, also at the start, or that refuses us, is no failure of the gateway: sending
goes on, the outbox keeps what is to be told, and here it is tried again. Each loss and each return
is logged once.

Stopping is in three steps, which `gateway.app` takes in this order: `stop_intake`, `flush` once the
lines are at rest, and the cancellation of `run`, which says goodbye and keeps the session.
"""

from __future__ import annotations

import asyncio
import contextlib
from asyncio import FIRST_COMPLETED
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Final

import structlog

from gateway.dispatch.nodes import Alone, Claims, on_duty
from gateway.domain.backoff import Backoff
from gateway.domain.clock import Clock, SystemClock
from gateway.domain.measures import Counted
from gateway.domain.signal import Signal
from gateway.meter import Meter, Silent
from gateway.mqtt.client import LastWill
from gateway.mqtt.courier import Courier
from gateway.mqtt.errors import BrokerError, BrokerLostError, BrokerRefusedError
from gateway.mqtt.feed import Feed, FeedCounters
from gateway.mqtt.ports import Admits, Stores
from gateway.mqtt.presence import Capacity, Presence
from gateway.mqtt.publisher import Publisher
from gateway.mqtt.session import PahoSession, open_session
from gateway.mqtt.settings import MqttSettings

log = structlog.get_logger(__name__)

FIRST_PAUSE_S: Final = 0.5
"""A broker that is restarted is back within a second."""

LONGEST_PAUSE_S: Final = 30.0
"""A broker that was down for hours is noticed to be back within half a minute."""

LASTING_S: Final = 10
"""A connection that held so long was a success; one that ends sooner may be the start of two
gateways with one name throwing each other out."""

RETURN_S: Final = 1.0
"""Who was not back after so long is away: what stops does not wait for it."""

FLAPPING: Final = 3
"""So many connections in a row that did not last are worth a word of their own."""

PUBLISHER: Final = "publisher"
"""The duty of publishing the outbox: one node at a time does, so that statuses stay in order."""

Connect = Callable[[MqttSettings, LastWill], AbstractAsyncContextManager[PahoSession]]


class MqttBridge:
    """The gateway's end of MQTT.

    Attributes:
        connected: whether there is a connection now.
    """

    def __init__(
        self,
        settings: MqttSettings,
        *,
        admission: Admits,
        database: Stores,
        outbox_changed: Signal,
        clock: Clock | None = None,
        claims: Claims | None = None,
        capacity: Capacity = dict,
        meter: Meter | None = None,
        connect: Connect = open_session,
    ) -> None:
        """Make a bridge that `run` brings to life.

        Args:
            settings: the broker, and who we are to it.
            admission: decides on what comes in.
            database: holds the outbox.
            outbox_changed: notified after each commit that posted letters.
            clock: for what is said of moments; the system's by default.
            claims: who publishes, where several gateways share the outbox.
            capacity: what the presence says beside online or offline.
            meter: counts connections, and what was published.
            connect: opens a session; another one in tests.
        """
        clock = clock or SystemClock()
        self._meter = meter or Silent()
        self._claims = claims or Alone()
        self.connected = False
        self.courier = Courier()
        self._settings = settings
        self._connect = connect
        self._presence = Presence(
            node=settings.node, clock=clock, capacity=capacity, courier=self.courier
        )
        self._feed = Feed(admission=admission, courier=self.courier, clock=clock)
        self._publisher = Publisher(
            database=database,
            changed=outbox_changed,
            courier=self.courier,
            shared=settings.shared,
            meter=self._meter,
        )
        self._backoff = Backoff(first=FIRST_PAUSE_S, longest=LONGEST_PAUSE_S)
        self._session: PahoSession | None = None
        self._joined = asyncio.Event()
        self._taking = True
        self._known = False
        """Whether this process was connected before, so that the broker should remember us."""
        self._short_lived = 0
        """Connections in a row that did not last."""
        self._trouble: str | None = None
        """The event by which the log knows that there is no connection."""

    @property
    def counters(self) -> FeedCounters:
        """What came in since the start."""
        return self._feed.counters

    @property
    def storing(self) -> bool:
        """False while nothing can be committed and everything is refused."""
        return self._feed.storing

    async def run(self) -> None:
        """Serve until cancelled; no trouble with the broker ends it."""
        while True:
            serving = asyncio.create_task(self._serve(), name="mqtt connection")
            try:
                await asyncio.wait([serving])
            except asyncio.CancelledError:
                # In a task of its own, because a TaskGroup, until Python 3.13, forgets that it was
                # cancelled when one of its tasks fails in the same turn of the loop.
                serving.cancel()
                await asyncio.gather(serving, return_exceptions=True)
                raise
            await asyncio.sleep(self._pause_after(serving))

    async def wait_joined(self) -> None:
        """Return once the broker has our subscriptions: what stores publish is not missed then."""
        await self._joined.wait()

    def stop_intake(self) -> None:
        """Take nothing more in; what is not acknowledged stays with the broker."""
        self._taking = False
        if self._session is not None:
            self._session.stop_receiving()

    async def flush(self, seconds: float) -> bool:
        """Wait at most so long for the outbox to be published; tell whether all of it was.

        Where another gateway publishes it, there is nothing to wait for, nor from a broker that is
        away.
        """
        if self._settings.shared and not self._publisher.at_work:
            return True
        draining = asyncio.create_task(self._publisher.drain(), name="mqtt flush")
        away = asyncio.create_task(self._wait_away(), name="mqtt away")
        try:
            await asyncio.wait({draining, away}, timeout=seconds, return_when=FIRST_COMPLETED)
            return draining.done() and draining.result() is None
        finally:
            draining.cancel()
            away.cancel()
            await asyncio.wait({draining, away})

    async def _wait_away(self) -> None:
        """Return once the broker is lost and does not come back at once."""
        while True:
            if self.connected and self._session is not None:
                with contextlib.suppress(BrokerLostError):
                    await self._session.wait_lost()
            await asyncio.sleep(RETURN_S)
            if not self.connected:
                return

    async def _serve(self) -> None:
        """Connect, and be at work until the connection is lost.

        Raises:
            BrokerError: there is none, or it ended.
        """
        async with self._connect(self._settings, self._presence.last_will()) as session:
            began = asyncio.get_running_loop().time()
            trouble: BrokerError | None = None
            try:
                await self._work(session)
            except* BrokerError as group:
                trouble = _first(group)
            finally:
                self.connected, self._session = False, None
                self._judge(asyncio.get_running_loop().time() - began)
                await self._leave(session)
            if trouble is not None:
                raise trouble

    async def _work(self, session: PahoSession) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(session.wait_lost(), name="mqtt link")
            await self._join(session)
            tasks.create_task(self._feed.run(session), name="mqtt feed")
            publish = on_duty(self._claims, PUBLISHER, lambda: self._publisher.run(session))
            tasks.create_task(publish, name="mqtt publisher")
            tasks.create_task(self._presence.run(session), name="mqtt presence")

    async def _join(self, session: PahoSession) -> None:
        """Subscribe before anything is published, and before we are said to be online.

        A broker that closes on something we publish would take the subscriptions with it each time.
        """
        self._session = session
        if self._taking:
            await session.subscribe(self._settings.subscriptions)
            if session.resumed:
                await session.unsubscribe(self._settings.former)
        else:
            session.stop_receiving()
        self._note_return(session)

    async def _leave(self, session: PahoSession) -> None:
        """Say offline where that is possible; the last will says it otherwise."""
        with contextlib.suppress(BrokerLostError, TimeoutError):
            await self._presence.leave(session)

    def _pause_after(self, serving: asyncio.Task[None]) -> float:
        """Return the seconds to wait before the next try, having said why it is needed."""
        try:
            serving.result()
        except BrokerRefusedError as error:
            self._note_trouble("mqtt_refused", error)
            return self._backoff.longest()
        except BrokerLostError as error:
            self._note_trouble("mqtt_lost" if self._known else "mqtt_unreachable", error)
        return self._backoff.pause()

    def _judge(self, lasted: float) -> None:
        """Tell a connection that held, of so many seconds, from one that was thrown out again."""
        if lasted >= LASTING_S:
            self._backoff.reset()
            self._short_lived = 0
            return
        self._short_lived += 1
        if self._short_lived == FLAPPING:
            log.error(
                "mqtt_flapping",
                client_id=self._settings.client_id,
                remedy="no two gateways on a broker may have the same [gateway] node",
            )

    def _note_return(self, session: PahoSession) -> None:
        self.connected, self._trouble = True, None
        self._joined.set()
        self._meter.count(Counted.BROKER_CONNECTIONS)
        broker, port = self._settings.host, self._settings.port
        log.info("mqtt_connected", broker=broker, port=port, resumed=session.resumed)
        if self._known and not session.resumed:
            log.warning("mqtt_session_lost", remedy="stores publish again what was not accepted")
        self._known = True

    def _note_trouble(self, event: str, error: BrokerError) -> None:
        """Log a trouble when it begins, and when it turns into one of another kind."""
        if self._trouble == event:
            return
        self._trouble = event
        broker, port = self._settings.host, self._settings.port
        log.warning(event, broker=broker, port=port, reason=str(error))


def _first(group: BaseExceptionGroup[BrokerError]) -> BrokerError:
    """Return one of the tasks' errors, which all tell of the same loss."""
    first = group.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first
