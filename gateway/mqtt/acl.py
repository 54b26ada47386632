"""Who may do what at the broker, as Mosquitto's access list (mosquitto.conf(5), ``acl_file``).

Made of the same topics that the gateway uses, so that the two cannot drift apart. What is not
granted is denied. A store is its user's name, ``%u``: one list serves all stores, and a new one
needs no line of its own (COMPLIANCE G-15).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gateway.domain.outward import Outward
from gateway.mqtt.topics import GATEWAY_LEVEL, PREFIX, Inward

_PRESENCE: Final = f"{PREFIX}/{GATEWAY_LEVEL}/+"


def access_list(gateway: str, bridge: str | None = None) -> str:
    """Return the list for a gateway that the broker knows by this user, and for every store.

    Args:
        gateway: its user.
        bridge: that of what tells events for shop systems; None: there is none.
    """
    ours = [f"user {gateway}", *_of_gateway(), ""]
    if bridge is not None:
        ours += [f"user {bridge}", f"topic write {PREFIX}/+/{Inward.EVENTS}", ""]
    return "\n".join([*ours, *_of_stores(), ""])


def _of_gateway() -> Iterator[str]:
    """Yield what the gateway may do.

    It writes to what it reads, and reads what it writes, only to find what was retained there of a
    person and to take it away (COMPLIANCE G-7).
    """
    for kind in (*Inward, *Outward):
        yield f"topic readwrite {PREFIX}/+/{kind}"
    yield f"topic write {_PRESENCE}"


def _of_stores() -> Iterator[str]:
    for kind in Inward:
        yield f"pattern write {PREFIX}/%u/{kind}"
    for told in Outward:
        yield f"pattern read {PREFIX}/%u/{told}"
    yield f"pattern read {_PRESENCE}"
