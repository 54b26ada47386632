"""What can be followed: read once for all who look, drawn once for all who may see the same."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from gateway.access import Right, Visitor
from gateway.domain.ids import StoreName
from gateway.web.console.shell import render_part
from gateway.web.house import House

KEPT: Final = 1.0
"""Seconds that what was read is shown to whoever asks, so that many who ask cost what one does."""

Snapshot = Mapping[str, Any]
"""What a topic's templates ask for: plain values, equal where they look equal. No ages: instants,
which a browser counts on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sight:
    """What somebody may see; those with the same are sent the same."""

    rights: frozenset[Right]
    store: StoreName | None = None

    @classmethod
    def of(cls, visitor: Visitor) -> Sight:
        """Return that of a visitor."""
        return cls(rights=visitor.rights, store=visitor.store)

    def may(self, right: Right) -> bool:
        """Whether they have a right."""
        return right in self.rights

    def sees(self, store: str) -> bool:
        """Whether what belongs to a store is theirs to see."""
        return self.store is None or self.store == store


@dataclass(frozen=True, kw_only=True, slots=True)
class Topic:
    """Something that pages follow at ``/live/NAME``, or ``/live/NAME?of=SUBJECT``.

    Attributes:
        name: of its path.
        right: what it takes.
        take: reads it; given the subject, which is empty where a topic has none. Raises
            RejectedError for a subject that is none. By an index, and never all there is.
        parts: its templates by the name that a page has them under (``sse-swap="NAME"``). They get
            the snapshot's values and `sight`; a page includes the same ones.
        every: seconds between two looks.
    """

    name: str
    right: Right
    take: Callable[[House, str], Awaitable[Snapshot]]
    parts: Mapping[str, str]
    every: float = 2.0


@dataclass(eq=False, slots=True)
class Source:
    """A topic about one subject, as it was last read.

    At most one reads it at a time, and what was read is kept for a second.
    """

    house: House
    topic: Topic
    subject: str
    watchers: set[asyncio.Event] = field(default_factory=set)
    """Set when it was read."""
    ticker: asyncio.Task[None] | None = None
    """Reads it while somebody watches."""
    fresh: bool | None = None
    """Whether its ticker could read it at its last look; None: there was none."""
    _snapshot: Snapshot | None = None
    _read_at: float = float("-inf")
    """By the loop's clock."""
    _drawn: dict[Sight, Mapping[str, str]] = field(default_factory=dict)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def latest(self) -> Snapshot:
        """Return what it is now, or was within the last second; while it is watched, what they see.

        Raises:
            RejectedError: there is no such subject.
            ShopbellError: it cannot be read.
        """
        async with self._lock:
            now = asyncio.get_running_loop().time()
            kept = KEPT if self.ticker is None else self.topic.every
            if self._snapshot is None or now - self._read_at >= kept:
                self._keep(await self.topic.take(self.house, self.subject), now)
            assert self._snapshot is not None  # noqa: S101 -- kept above
            return self._snapshot

    def forget(self) -> None:
        """Have it read again by whoever wants it next: something was done to it."""
        self._read_at = float("-inf")

    def drawn(self, sight: Sight) -> Mapping[str, str]:
        """Return its parts as somebody may see them; nothing while it was never read."""
        if self._snapshot is None:
            return {}
        if sight not in self._drawn:
            self._drawn[sight] = self._draw(self._snapshot, sight)
        return self._drawn[sight]

    def _keep(self, snapshot: Snapshot, now: float) -> None:
        if snapshot != self._snapshot:
            self._drawn.clear()
        self._snapshot, self._read_at = snapshot, now

    def _draw(self, snapshot: Snapshot, sight: Sight) -> Mapping[str, str]:
        return {
            part: render_part(self.house, template, sight=sight, **snapshot)
            for part, template in self.topic.parts.items()
        }
