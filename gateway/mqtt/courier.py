"""Hands payloads to the broker and waits until it has them, or has said that it does not want them.

MQTT 5 tells in the PUBACK that a payload was refused. Trying again would be refused again and
would hold up everything behind it, so that a refusal is logged, counted, and is the end of it.
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Publication:
    """Something to be published."""

    topic: str
    body: str
    retain: bool = False


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

    async def deliver(self, session: Session, publications: Sequence[Publication]) -> None:
        """Publish in order, all in flight at once; return when the broker has answered for each.

        Raises:
            BrokerLostError: the connection ended; any of them may have arrived or not.
        """
        answers = [session.publish(it.topic, it.body, retain=it.retain) for it in publications]
        try:
            async with asyncio.timeout(PUBACK_TIMEOUT_S):
                codes = await asyncio.gather(*answers)
        except TimeoutError as error:
            raise BrokerLostError("the broker answers no publication any more") from error
        for publication, code in zip(publications, codes, strict=True):
            self._account(publication.topic, code)

    def _account(self, topic: str, code: int) -> None:
        if code < FIRST_FAILURE:
            self.delivered += 1
            return
        self.refused[code] += 1
        if topic not in self._complained:
            self._complained.add(topic)
            log.error(
                "mqtt_publication_refused", topic=topic, reason=puback_name(code), dropped=True
            )
