"""A claim on something that one node has at a time: a line, or a duty.

It is held, lost with the session that held it, and held again, as long as whoever made it wants it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from gateway.domain.ids import LineId


class Claim:
    """What somebody on this node wants for the node.

    Attributes:
        name: of the lock.
        held: set while it is this node's.
        lost: set while it is not, once it was.
    """

    def __init__(self, name: str, alive: Callable[[], bool] = lambda: True) -> None:
        """Want something.

        Args:
            name: of the lock.
            alive: tells, in any thread, whether this node cannot have been taken for dead.
        """
        self.name = name
        self._alive = alive
        self.held = asyncio.Event()
        self.lost = asyncio.Event()
        self._period = 0

    def hold(self) -> None:
        """Have it."""
        self.lost.clear()
        self.held.set()

    def lose(self) -> None:
        """Have it no more; what was begun under it may not go on."""
        if self.held.is_set():
            self._period += 1
            self.held.clear()
            self.lost.set()

    def standing(self) -> Callable[[], bool]:
        """Return what tells, in any thread, whether it was held without a break since this call."""
        period = self._period
        return lambda: self._period == period and self._alive()


class Claims(Protocol):
    """Where claims are made; `Alone` on a database of one's own, `Node` on a shared one."""

    def line(self, line: LineId) -> Claim:
        """Want a line; it is this node's once the claim is held."""
        ...

    def duty(self, duty: str) -> Claim:
        """Want to do something that one node does for all."""
        ...

    def release(self, claim: Claim) -> None:
        """Want it no more."""
        ...

    def owner(self, line: LineId) -> str | None:
        """Return the other node that has a line, as far as is known; None when none is known to."""
        ...


class Alone:
    """The claims of a gateway that shares its database with nobody: all are held."""

    def line(self, line: LineId) -> Claim:
        """Have a line."""
        return self.duty(line)

    def duty(self, duty: str) -> Claim:
        """Have a duty."""
        claim = Claim(duty)
        claim.hold()
        return claim

    def release(self, claim: Claim) -> None:
        """Have it no more."""
        claim.lose()

    def owner(self, line: LineId) -> str | None:
        """Return None: there is nobody else."""
        return None
