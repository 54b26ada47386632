"""The topics of the contract: built here, read here (CONTRACT.md section 4).

The topic level is the only place a store's name is taken from: the broker's access list guards
it, and nothing guards a payload.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from gateway.domain.ids import STORE_NAME, StoreName

PREFIX: Final = "shopbell/v1"

GATEWAY_LEVEL: Final = "gateway"
"""Where gateways announce themselves; no store can have this name."""


class Inward(StrEnum):
    """What stores publish and this gateway takes."""

    JOBS = "jobs"
    CANCEL = "cancel"
    EVENTS = "events"


SUBSCRIPTIONS: Final = tuple(f"{PREFIX}/+/{kind}" for kind in Inward)

GROUP: Final = "shopbell"
"""The gateways on one database, to their broker."""

SHARED_SUBSCRIPTIONS: Final = tuple(f"$share/{GROUP}/{topic}" for topic in SUBSCRIPTIONS)
"""What several gateways subscribe to, so that each message goes to one of them (MQTT 5, 4.8.2)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """Who published, and what kind of thing."""

    store: StoreName
    kind: Inward


def parse_topic(topic: str) -> Address | None:
    """Return where a message came from, or None for a topic that no store can own."""
    prefix, _, rest = topic.rpartition(f"{PREFIX}/")
    store, _, kind = rest.partition("/")
    if prefix or kind not in _KINDS or store == GATEWAY_LEVEL or not STORE_NAME.match(store):
        return None
    return Address(store=StoreName(store), kind=_KINDS[kind])


_KINDS: Final = {kind.value: kind for kind in Inward}


def store_topic(store: StoreName, kind: str) -> str:
    """Return the topic on which a store is told ``status``, ``rejected`` or another kind."""
    return f"{PREFIX}/{store}/{kind}"


def presence_topic(node: str) -> str:
    """Return the topic on which a gateway announces itself."""
    return f"{PREFIX}/{GATEWAY_LEVEL}/{node}"
