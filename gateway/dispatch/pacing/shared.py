"""What lines share: how fast an operator, a store and a country may be served together. Pure.

A message leaves only when its line and every limit that holds for it let it. Whoever asks is on the
one event loop and asks and takes without waiting in between, so that nobody else can take from one
limit what was found in all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field, replace

from gateway.dispatch.pacing.bucket import Bucket
from gateway.domain.ids import StoreName
from gateway.domain.lane import Lane


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """What a message passes on its way out."""

    store: StoreName
    destination: str
    """The recipient (E.164), or the beginning of it as a lane has it: a calling code or more."""
    operator: str | None = None
    """The network that the line is in, as it calls itself; None for a carrier, or unknown."""

    @classmethod
    def of(cls, lane: Lane, operator: str | None) -> Passage:
        """Return that of every message of a lane over a line in a network."""
        return cls(store=lane.store, destination=lane.destination, operator=operator)


@dataclass(frozen=True, kw_only=True, slots=True)
class SharedLimit:
    """How fast may be sent what is all that it names; what it does not name is anything."""

    name: str
    per_second: float | None
    """Parts, over all lines and gateways together; None: no limit."""
    operator: str | None = None
    """As the network calls itself, or the first words of that; capitals are all the same."""
    store: StoreName | None = None
    prefix: str | None = None
    """A country's calling code, such as ``+44``."""

    def holds(self, passage: Passage) -> bool:
        """Tell whether a message counts here."""
        return (
            self.store in (None, passage.store)
            and (self.prefix is None or passage.destination.startswith(self.prefix))
            and (self.operator is None or _is_called(passage.operator, self.operator))
        )


@dataclass(kw_only=True, slots=True)
class _Shared:
    limit: SharedLimit
    bucket: Bucket = field(default_factory=Bucket)


class SharedPace:
    """The buckets of all shared limits.

    Attributes:
        nodes: gateways that send at the same time; each takes its even share of every rate.
    """

    def __init__(self, limits: Sequence[SharedLimit] = (), nodes: int = 1) -> None:
        self.nodes = nodes
        self._all = tuple(_Shared(limit=limit) for limit in limits)

    @property
    def limits(self) -> tuple[SharedLimit, ...]:
        """What holds; when it is set, limits of a name that was there keep what they counted."""
        return tuple(one.limit for one in self._all)

    @limits.setter
    def limits(self, limits: Sequence[SharedLimit]) -> None:
        known = {one.limit.name: one.bucket for one in self._all}
        self._all = tuple(
            _Shared(limit=limit, bucket=known.get(limit.name) or Bucket()) for limit in limits
        )

    def copy(self) -> SharedPace:
        """Return one to try out what would be taken: a choice may be made anew."""
        other = SharedPace(nodes=self.nodes)
        other._all = tuple(replace(one, bucket=copy(one.bucket)) for one in self._all)
        return other

    def wait(self, passage: Passage, now: float, parts: int = 1) -> float:
        """Return the seconds until every limit lets so many parts leave; 0.0 when all do now.

        Args:
            passage: of the message, or of all messages of a lane.
            now: the caller's monotonic clock, in seconds.
            parts: that leave together.
        """
        waits = (one.bucket.wait(now, self._rate(one), parts) for one in self._of(passage))
        return max(waits, default=0.0)

    def take(self, passage: Passage, now: float, parts: int = 1) -> bool:
        """Count a message at every limit, or at none; return False when one does not let it go."""
        if self.wait(passage, now, parts) > 0:
            return False
        for one in self._of(passage):
            one.bucket.take(now, self._rate(one), parts)
        return True

    def _of(self, passage: Passage) -> Iterator[_Shared]:
        return (one for one in self._all if one.limit.holds(passage))

    def _rate(self, one: _Shared) -> float | None:
        whole = one.limit.per_second
        return None if whole is None else whole / self.nodes


def _is_called(network: str | None, name: str) -> bool:
    """Tell whether a network is called so, such as ``vodafone UK`` for ``Vodafone``."""
    if network is None:
        return False
    said, meant = network.casefold().split(), name.casefold().split()
    return said[: len(meant)] == meant
