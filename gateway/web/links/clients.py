"""Who asks how often: protects the box and the tokens, and keeps no address.

A client is known by a keyed digest of its address, under a key that lives as long as the process;
and only the last few thousand are known at all.
"""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

MOST_CLIENTS: Final = 10_000

RATE: Final = 20.0
"""Requests a second of one client; a mobile network shows many phones under one address."""

BURST: Final = 100.0

MISS_RATE: Final = 0.5
"""Tokens a second that there are not, of one client; who asks for more of them is guessing, and is
answered no more for a while, not for tokens that there are either."""

MISS_BURST: Final = 30.0

WINDOW: Final = 60.0
"""Seconds in which the different links of a client are counted."""

_MOST_TOKENS: Final = 32
"""Links of a client that are remembered; more are as many."""


@dataclass(slots=True)
class _Bucket:
    """Holds so many; filled up evenly."""

    rate: float
    most: float
    left: float
    at: float

    def fill(self, now: float) -> None:
        self.left = min(self.most, self.left + (now - self.at) * self.rate)
        self.at = now


@dataclass(slots=True)
class _Client:
    requests: _Bucket
    misses: _Bucket
    opened: dict[tuple[bytes, str], float] = field(default_factory=dict)
    """When a link was last asked for, by kind of browser and token."""


class Clients:
    """Counts what clients ask for. Instants are the loop's, in seconds."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(16)
        self._known: OrderedDict[bytes, _Client] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def allow(self, address: str, now: float) -> bool:
        """Tell whether a client may be answered now; it counts as asked."""
        client = self._client(address, now)
        client.requests.fill(now)
        client.misses.fill(now)
        if client.requests.left < 1 or client.misses.left < 1:
            return False
        client.requests.left -= 1
        return True

    def missed(self, address: str, now: float) -> None:
        """Note that a client asked for a token that there is not."""
        bucket = self._client(address, now).misses
        bucket.fill(now)
        bucket.left -= 1

    def opened(self, address: str, agent: str, token: str, now: float) -> int:
        """Note that a client asked for a link; return for how many it did within a minute."""
        opened = self._client(address, now).opened
        kind = self._digest(agent)
        opened[kind, token] = now
        for key, at in list(opened.items()):
            if now - at > WINDOW:
                del opened[key]
        while len(opened) > _MOST_TOKENS:
            del opened[min(opened, key=lambda key: opened[key])]
        return sum(1 for browser, _ in opened if browser == kind)

    def _client(self, address: str, now: float) -> _Client:
        name = self._digest(_network(address))
        client = self._known.get(name)
        if client is None:
            client = self._known[name] = _Client(
                requests=_Bucket(RATE, BURST, BURST, now),
                misses=_Bucket(MISS_RATE, MISS_BURST, MISS_BURST, now),
            )
        self._known.move_to_end(name)
        while len(self._known) > MOST_CLIENTS:
            self._known.popitem(last=False)
        return client

    def _digest(self, text: str) -> bytes:
        data = text.encode("utf-8", "surrogateescape")
        return hashlib.blake2b(data, key=self._key, digest_size=8).digest()


def _network(address: str) -> str:
    """Return what one client has: an IPv4 address, or the 64 bits of a network of IPv6."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
