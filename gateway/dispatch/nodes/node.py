"""This gateway among those that share its database: it says that it lives, and sees who does not.

What a node may rely on, and why, is in `gateway.db.nodes`. In short: everything that it writes is
fenced, so that nothing here has to be noticed in time. What is noticed here is noticed so that work
ends early and goes on early:

1. The seat is lost: every claim is lost at once, and lines halt before the next part. Parts that
   are at a modem are finished; what became of them is written when the database is back.
2. Another seat is taken. While nobody took this node over, it goes on under its instance.
3. Otherwise it registers again, and may write again. Claims that were held before stay broken for
   whoever began something under them (`Claim.standing`), so that an intent from before is refused
   all the same. What is written late by who was taken over, an outcome or a job that goes back,
   asks first whether it still holds (`gateway.dispatch.settling`).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from typing import Final, NoReturn, TypeVar
from uuid import uuid4

import structlog
from sqlalchemy import Connection

from gateway.db.database import Database
from gateway.db.locks import try_lock, unlock
from gateway.db.nodes import (
    FencedError,
    NodeRecord,
    beat,
    duty_lock,
    leave_lines,
    line_lock,
    line_of,
    node_lock,
    node_of,
    read_nodes,
    register,
    require_standing,
)
from gateway.db.seat import Seat, SeatLostError
from gateway.db.sessions import SEAT, end_sessions, session_name
from gateway.dispatch.nodes.claim import Claim
from gateway.domain.errors import StorageError
from gateway.domain.ids import LineId
from gateway.domain.signal import Signal

T = TypeVar("T")

log = structlog.get_logger(__name__)

BEATS: Final = 5
"""Beats in a lease: four may get lost before a node is taken for dead."""

LIVELY: Final = 0.9
"""Of a lease: so long after its last beat a node takes itself for alive; the rest is for clocks
that do not run alike."""

RETURN_PAUSE: Final = 1.0
"""Seconds between tries to get a seat again."""

JOIN_PAUSE: Final = 0.2
"""Seconds between two looks at whether another of our name still lives."""


class NodeInUseError(StorageError):
    """Another gateway is at work under this node's name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f'another gateway is at work on this database as node "{name}"; '
            "give each gateway a [gateway] node of its own"
        )


@dataclass(frozen=True, slots=True)
class _Round:
    """What a beat brought."""

    nodes: Sequence[NodeRecord]
    won: frozenset[str]
    """Locks that are ours now."""
    owners: Mapping[LineId, str]
    """Who has the lines that we want and do not have."""


class _Return(Enum):
    """How coming back went."""

    BACK = auto()
    NOT_YET = auto()
    """The server has not noticed the end of our last session."""
    REPLACED = auto()
    """Another gateway has the name."""


class Node:
    """A gateway on a shared database. Implements `gateway.dispatch.nodes.Claims`."""

    def __init__(self, database: Database, url: str, name: str, lease: float) -> None:
        """Make a node; `join` makes it known.

        Args:
            database: the one that is shared.
            url: of it, for the seat.
            name: unique among its gateways.
            lease: seconds without a word after which a node is taken for dead.
        """
        self.name = name
        self.lease = lease
        self.others: Sequence[NodeRecord] = ()
        """The other nodes that are known, as of the last beat."""
        self.beaten = Signal()
        """Notified after each beat; `others` is new then."""
        self.left = False
        """Whether it has said that it is at work no more."""
        self._database = database
        self._url = url
        self._instance = uuid4().hex
        self._seat = Seat(url, self._instance, lease)
        self._claims: list[Claim] = []
        self._locked: set[str] = set()
        self._wanted = asyncio.Event()
        self._owners: Mapping[LineId, str] = {}
        self._failed: asyncio.Future[Exception] = asyncio.get_running_loop().create_future()
        self._beat_at = float("-inf")
        """When the last beat that was answered was sent; seconds of the monotonic clock."""

    # -- being one of them --------------------------------------------------------------------

    async def join(self) -> None:
        """Take the seat and register, once no other gateway is at work under the name.

        One that died without a word is waited for until the server has ended its session, for a
        lease at most.

        Raises:
            NodeInUseError: another lives.
            StorageError: the database does not answer.
        """
        await self._seat.open()
        first = await self._seen()
        deadline = asyncio.get_running_loop().time() + 1.5 * self.lease
        while not await self._ask(self._enter):
            late = asyncio.get_running_loop().time() > deadline
            if late or await self._seen() != first:
                await self._seat.close()
                raise NodeInUseError(self.name)
            await asyncio.sleep(JOIN_PAUSE)
        self._database.guard_by(partial(require_standing, name=self.name, instance=self._instance))
        log.info("node_joined", node=self.name, lease_seconds=self.lease)

    async def run(self) -> NoReturn:
        """Beat until cancelled, and come back after every loss.

        Raises:
            NodeInUseError: another gateway has taken the name meanwhile.
        """
        try:
            while True:
                try:
                    await self._live()
                except StorageError as error:
                    log.error("node_cut_off", node=self.name, reason=str(error))
                self._lose_all()
                await self._seat.close()
                await self._return()
        except Exception as error:
            self._failed.set_result(error)
            raise

    async def watch(self) -> NoReturn:
        """Wait for the end of `run`, which should not come.

        Raises:
            NodeInUseError: another gateway has taken the name meanwhile.
        """
        raise await self._failed

    async def close(self) -> None:
        """Give the seat up. Others take over what is left, unless `succession.leave` ended it."""
        self._lose_all()
        await self._seat.close()

    async def tell(self, telling: Callable[[Connection], None]) -> None:
        """Say something to the others, if that can be done now."""
        with suppress(StorageError):
            await self._ask(telling)

    def overlook(self, name: str) -> None:
        """Take an ended node off `others`; should it be back, the next beat shows it."""
        self.others = [one for one in self.others if one.name != name or not one.ended]

    @property
    def instance(self) -> str:
        """What tells this node from an earlier one of its name."""
        return self._instance

    # -- claims -------------------------------------------------------------------------------

    def line(self, line: LineId) -> Claim:
        """Want a line; it is this node's once the claim is held."""
        return self._claim(line_lock(line))

    def duty(self, duty: str) -> Claim:
        """Want to do something that one node does for all."""
        return self._claim(duty_lock(duty))

    def release(self, claim: Claim) -> None:
        """Want something no more."""
        self._claims.remove(claim)
        claim.lose()
        self._wanted.set()

    def owner(self, line: LineId) -> str | None:
        """Return the other node that had a line at the last beat; None when none did."""
        return self._owners.get(line)

    def _claim(self, name: str) -> Claim:
        claim = Claim(name, self._is_alive)
        self._claims.append(claim)
        if name in self._locked:
            claim.hold()
        self._wanted.set()
        return claim

    def _is_alive(self) -> bool:
        """Tell whether nobody can have taken this node for dead, by its own clock; in any thread.

        It may have been asleep, and not have noticed yet what it has lost.
        """
        return time.monotonic() - self._beat_at < LIVELY * self.lease

    def _lose_all(self) -> None:
        self._locked.clear()
        for claim in self._claims:
            claim.lose()

    # -- beating ------------------------------------------------------------------------------

    async def _live(self) -> None:
        """Beat until the seat is lost.

        Raises:
            SeatLostError: it is.
            FencedError: this node was taken over.
        """
        pause = self.lease / BEATS
        while True:
            self._wanted.clear()
            await self._beat()
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wanted.wait()

    async def _beat(self) -> None:
        wanted = {claim.name for claim in self._claims}
        free, gone = wanted - self._locked, self._locked - wanted
        asked_at = time.monotonic()
        done = await self._ask(partial(self._round, free=free, gone=gone))
        self._beat_at = asked_at
        self._locked = (self._locked - gone) | done.won
        for claim in self._claims:
            if claim.name in done.won:
                claim.hold()
        self.others = [record for record in done.nodes if record.name != self.name]
        self._owners = done.owners
        self.beaten.notify()

    def _round(self, connection: Connection, free: set[str], gone: set[str]) -> _Round:
        if not beat(connection, self.name, self._instance) and not self.left:
            raise FencedError(f"node {self.name} was taken over")
        for name in gone:
            if line := line_of(name):
                leave_lines(connection, self.name, line)
            unlock(connection, name)
        won = frozenset(name for name in free if try_lock(connection, name))
        lines = filter(None, map(line_of, free - won))
        owners = {line: owner for line in lines if (owner := node_of(connection, line))}
        return _Round(read_nodes(connection), won, owners)

    # -- coming in and coming back ------------------------------------------------------------

    async def _return(self) -> None:
        while True:
            self._seat = Seat(self._url, self._instance, self.lease)
            with suppress(SeatLostError):
                await self._seat.open()
                returned = await self._ask(self._resume)
                if returned is _Return.BACK:
                    log.info("node_back", node=self.name)
                    return
                if returned is _Return.REPLACED:
                    raise NodeInUseError(self.name)
            await self._seat.close()
            await asyncio.sleep(RETURN_PAUSE)

    def _resume(self, connection: Connection) -> _Return:
        """Go on; where another node has ended this one, register again."""
        end_sessions(connection, session_name(SEAT, self._instance))
        locked = try_lock(connection, node_lock(self.name))
        known = {record.name: record for record in read_nodes(connection)}.get(self.name)
        if known is not None and not known.ended and known.instance != self._instance:
            return _Return.REPLACED
        if not locked:
            return _Return.NOT_YET
        if known is None or known.ended:
            log.warning("node_was_taken_over", node=self.name)
            register(connection, self.name, self._instance)
        return _Return.BACK

    def _enter(self, connection: Connection) -> bool:
        if not try_lock(connection, node_lock(self.name)):
            return False
        register(connection, self.name, self._instance)
        return True

    async def _seen(self) -> object:
        """Return what changes with each beat of another of our name."""
        nodes = await self._ask(read_nodes)
        return next(((one.instance, one.seen_at) for one in nodes if one.name == self.name), None)

    async def _ask(self, query: Callable[[Connection], T]) -> T:
        """Ask on the seat; it has to answer before others take us for dead."""
        return await self._seat.ask(query, self.lease / 2)
