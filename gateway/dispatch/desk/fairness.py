"""Whose message goes next: start-time fair queueing between stores, and between their campaigns.

Pure, in parts, in memory. Urgency is not its concern: each has shares of its own.

A flow's tag is where it would begin its next message on a clock that counts parts; the least tag
goes first, and a message moves its flow's tag by its size (Goyal, Vin, Cheng: Start-time Fair
Queueing, 1996). While two flows wait, their parts so differ by one message of each at most. A flow
that comes back from idling begins at the clock: what it did not use is gone.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import dataclass, field
from typing import Final, Generic, NamedTuple, TypeVar

from gateway.domain.ids import StoreName
from gateway.domain.job import MAX_PARTS

LAG: Final = 10 * MAX_PARTS
"""Parts by which a flow may stay behind the clock, while no line that asks serves it: so long it
may go before the others once one does."""

K = TypeVar("K", bound=Hashable)


@dataclass(slots=True)
class Share(Generic[K]):
    """Equal shares for the flows of one level."""

    _tags: dict[K, int] = field(default_factory=dict)
    _waiting: set[K] = field(default_factory=set)
    _clock: int = 0

    def attend(self, waiting: Collection[K]) -> None:
        """Take note of which flows have anything to send."""
        now = set(waiting)
        if now == self._waiting:
            return
        if now.isdisjoint(self._waiting):  # nobody is left with a claim on what was before
            self._clock = max(self._tags.values(), default=self._clock)
        for flow in now - self._waiting:
            self._tags[flow] = max(self._tags.get(flow, 0), self._clock)
        self._waiting = now
        self._tags = {
            flow: tag for flow, tag in self._tags.items() if flow in now or tag > self._clock
        }

    def next(self, among: Collection[K]) -> K:
        """Return which of several flows that wait goes next."""
        return min(among, key=self._start)

    def charge(self, flow: K, parts: int) -> None:
        """Count a message that goes next."""
        start = self._start(flow)
        self._clock = max(self._clock, start)
        self._tags[flow] = start + parts

    def _start(self, flow: K) -> int:
        return max(self._tags.get(flow, self._clock), self._clock - LAG)

    def copy(self) -> Share[K]:
        """Return one to try out what would be charged."""
        return Share(dict(self._tags), self._waiting, self._clock)


class Flow(NamedTuple):
    """What gets a share: a campaign of a store, or what of the store belongs to none."""

    store: StoreName
    campaign: str


@dataclass(slots=True)
class Fairness:
    """The shares of one urgency: equal ones for stores, and of a store's for its campaigns."""

    _stores: Share[StoreName] = field(default_factory=Share)
    _campaigns: dict[StoreName, Share[str]] = field(default_factory=dict)

    def attend(self, waiting: Collection[Flow]) -> None:
        """Take note of which flows have anything to send."""
        campaigns: dict[StoreName, set[str]] = {}
        for flow in waiting:
            campaigns.setdefault(flow.store, set()).add(flow.campaign)
        self._stores.attend(campaigns)
        self._campaigns = {store: self._campaigns.get(store, Share()) for store in campaigns}
        for store, names in campaigns.items():
            self._campaigns[store].attend(names)

    def next(self, among: Collection[Flow]) -> Flow:
        """Return which of several flows that wait goes next."""
        store = self._stores.next(list(dict.fromkeys(flow.store for flow in among)))
        of_store = [flow.campaign for flow in among if flow.store == store]
        return Flow(store, self._campaigns[store].next(of_store))

    def charge(self, flow: Flow, parts: int) -> None:
        """Count a message that goes next."""
        self._stores.charge(flow.store, parts)
        self._campaigns[flow.store].charge(flow.campaign, parts)

    def copy(self) -> Fairness:
        """Return one to try out what would be charged."""
        campaigns = {store: share.copy() for store, share in self._campaigns.items()}
        return Fairness(self._stores.copy(), campaigns)
