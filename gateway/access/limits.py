"""How often somebody may try to sign in. Pure: it is told the time.

A stranger who tries many passwords is slowed down by where they are, more with each try, up to a
quarter of an hour. Who comes from many places at once is slowed down by the name they try as well,
to a try a minute at most: were it longer, a stranger could keep the admin out. From where somebody
signed in under a name before, the name is not counted at all. What is refused here counts for
nothing, so that to go on trying makes no wait longer.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address
from typing import Final

FORGET: Final = 3600.0
"""Seconds without a try after which all is forgotten."""

REMEMBERED: Final = 10_000
"""Places and names at most; the one longest unused is forgotten first."""

_IPV6_PREFIX: Final = 64
"""Bits that a household has of its own: each has the rest for itself."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """How tries are slowed down.

    Attributes:
        free: tries before it begins.
        first: seconds to wait after the next; each one more waits twice as long.
        most: seconds at most.
    """

    free: int
    first: float
    most: float

    def wait(self, tries: int) -> float:
        """Return how many seconds have to pass after so many tries."""
        over = tries - self.free
        return 0.0 if over < 0 else min(self.most, self.first * 2.0 ** min(over, 30))


BY_PLACE: Final = Pace(free=5, first=2.0, most=900.0)
BY_NAME: Final = Pace(free=10, first=1.0, most=60.0)


@dataclass(slots=True)
class _Tries:
    count: int = 0
    last: float = 0.0


@dataclass(slots=True)
class Limits:
    """What was tried lately, in memory: a new start knows nothing of it."""

    _places: OrderedDict[Hashable, _Tries] = field(default_factory=OrderedDict)
    _names: OrderedDict[Hashable, _Tries] = field(default_factory=OrderedDict)
    _welcome: OrderedDict[Hashable, _Tries] = field(default_factory=OrderedDict)

    def wait(self, name: str, address: str, now: float) -> float:
        """Return for how many seconds nobody may try this from there; 0: they may.

        Args:
            name: whose password is tried.
            address: from where.
            now: seconds of any clock that does not go back.
        """
        place = place_of(address)
        waits = [_left(self._places.get(place), BY_PLACE, now)]
        if (name, place) not in self._welcome:
            waits.append(_left(self._names.get(name), BY_NAME, now))
        return max(waits)

    def begin(self, name: str, address: str, now: float) -> None:
        """Count a try, before it is known how it ends: many at once are many."""
        for tries, key in ((self._places, place_of(address)), (self._names, name)):
            _count(tries, key, now)

    def succeeded(self, name: str, address: str, now: float) -> None:
        """Forget what was tried, for it was the user."""
        place = place_of(address)
        self._places.pop(place, None)
        self._names.pop(name, None)
        _count(self._welcome, (name, place), now)


def place_of(address: str) -> str:
    """Return what counts as one place."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, IPv6Address):
        return str(ip.ipv4_mapped or IPv6Address(int(ip) >> _IPV6_PREFIX << _IPV6_PREFIX))
    return str(ip)


def _left(tries: _Tries | None, pace: Pace, now: float) -> float:
    if tries is None or now - tries.last >= FORGET:
        return 0.0
    return max(0.0, tries.last + pace.wait(tries.count) - now)


def _count(all_tries: OrderedDict[Hashable, _Tries], key: Hashable, now: float) -> None:
    tries = all_tries.setdefault(key, _Tries())
    if now - tries.last >= FORGET:
        tries.count = 0
    tries.count += 1
    tries.last = now
    all_tries.move_to_end(key)
    while len(all_tries) > REMEMBERED:
        all_tries.popitem(last=False)
