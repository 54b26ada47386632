"""Hands payloads to the broker and waits until it has them, or has said that it does not want them.

MQTT 5 tells in the PUBACK that a payload was refused. Trying again would be refused again and
would hold up everything behind it, so that a refusal is logged, counted, and is the end of it.
Mosquitto before 2.0.12 also closes the connection behind such a PUBACK; therefore what was answered
counts even when the connection is lost, and a topic that was refused is left alone for a while.
Under 3.1.1 the broker drops without a word, and nobody can tell.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from gateway.mqtt.errors import BrokerLostError
from gateway.mqtt.ports import Session
from gateway.mqtt.reasons import FIRST_FAILURE, puback_name

log = structlog.get_logger(__name__)

PUBACK_TIMEOUT_S: Final = 30
"""For a whole group. On a live connection nobody ever sends again, so that a broker silent for so
long is left, and asked anew on another connection."""

SHUN_S: Final = 60
"""A refused topic is tried again after so long: about when an operator who read the log has mended
the access list."""

_NOT_SHUNNED: Final = (0, float("-inf"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Publication:
    """Something to be published."""

    topic: str
    body: str
    retain: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """What became of a group."""

    settled: int
    """How many, from the first, the broker has answered for."""
    lost: BrokerLostError | None
    """Why the others are not."""


class Courier:
    """Delivers groups of payloads, over whichever session there is.

    Attributes:
        delivered: payloads that the broker took.
        refused: payloads that it did not take, by reason code.
    """

    def __init__(self) -> None:
        self.delivered = 0
        self.refused: Counter[int] = Counter()
        self._complained: set[str] = set()
        """Topics whose refusal is in the log; as many as stores times kinds."""
        self._shunned: dict[str, tuple[int, float]] = {}
        """Topics that were refused: the code, and until when (loop time) they are left alone."""

    async def deliver(self, session: Session, publications: Sequence[Publication]) -> Delivery:
        """Publish in order, all in flight at once; return when the broker has answered for each.

        A connection that is lost ends it early; what was not answered then may have arrived or not.
        """
        answers = [self._hand_over(session, publication) for publication in publications]
        _, silent = await asyncio.wait(answers, timeout=PUBACK_TIMEOUT_S)
        for answer in silent:
            answer.set_exception(BrokerLostError("the broker answers no publication any more"))
        for settled, (publication, answer) in enumerate(zip(publications, answers, strict=True)):
            lost = answer.exception()
            if isinstance(lost, BrokerLostError):
                return Delivery(settled=settled, lost=lost)
            self._account(publication.topic, answer.result())
        return Delivery(settled=len(publications), lost=None)

    async def deliver_all(self, session: Session, publications: Sequence[Publication]) -> None:
        """Deliver a group of which nothing may be missing.

        Raises:
            BrokerLostError: something is.
        """
        delivery = await self.deliver(session, publications)
        if delivery.lost is not None:
            raise delivery.lost

    def _hand_over(self, session: Session, publication: Publication) -> asyncio.Future[int]:
        loop = asyncio.get_running_loop()
        code, until = self._shunned.get(publication.topic, _NOT_SHUNNED)
        if loop.time() >= until:
            return session.publish(publication.topic, publication.body, retain=publication.retain)
        refused: asyncio.Future[int] = loop.create_future()
        refused.set_result(code)
        return refused

    def _account(self, topic: str, code: int) -> None:
        if code < FIRST_FAILURE:
            self.delivered += 1
            return
        self.refused[code] += 1
        now = asyncio.get_running_loop().time()
        if now >= self._shunned.get(topic, _NOT_SHUNNED)[1]:
            self._shunned[topic] = (code, now + SHUN_S)
        if topic not in self._complained:
            self._complained.add(topic)
            reason = puback_name(code)
            log.error("mqtt_publication_refused", topic=topic, reason=reason, dropped=True)
