"""One modem on several ports: commands go over one, what comes in is heard on all.

Many sticks say what comes in on another port than the one that took the commands, and nothing tells
beforehand on which (MODEMS.md 6.2). So the others that take commands are kept open and listened to,
which also keeps other programs from them.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Final

from gateway.at import Unsolicited
from gateway.modem.find.knock import Knock

PAUSE: Final = 0.5
"""Seconds for the commands' own port to say the same, as some sticks say everything everywhere."""

_PASSED_ON: Final = frozenset({"+CMTI", "+CMT", "+CDS", "+CDSI", "+CBM", "+CUSD"})
"""What must not be missed; the rest is noise, or the watch asks for it."""

_RECENT: Final = 2 * PAUSE
"""Seconds in which a repetition is looked for. A modem that stores what comes in at the same place
again announces it in the same words, which then is no repetition."""

_BREAKS: Final = b"\r\n"


class Chorus(asyncio.Protocol):
    """Stands between the commands' port and its owner, and puts in what other ports say."""

    def __init__(self, owner: asyncio.Protocol, others: Sequence[Knock]) -> None:
        self._owner = owner
        self._others = others
        self._recent: deque[tuple[float, bytes]] = deque()
        self._waiting: list[bytes] = []
        self._mid_line = False
        self._over = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Hand the commands' port on, and begin to listen to the others."""
        self._owner.connection_made(transport)
        for other in self._others:
            other.listen(self._hear)

    def data_received(self, data: bytes) -> None:
        """Hand on what the commands' port says."""
        self._remember(data)
        self._mid_line = data[-1:] not in _BREAKS
        self._owner.data_received(data)
        self._put_in()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of the other ports with the commands' own."""
        self._over = True
        for other in self._others:
            other.close()
        self._owner.connection_lost(exc)

    def _hear(self, said: Unsolicited) -> None:
        if said.name in _PASSED_ON:
            asyncio.get_running_loop().call_later(PAUSE, self._pass_on, said)

    def _pass_on(self, said: Unsolicited) -> None:
        """Put in what another port said, unless it was just said before."""
        self._forget()
        recent = b"".join(data for _, data in self._recent)
        if self._over or (said.pdu or said.text).encode() in recent:
            return
        text = f"\r\n{said.text}\r\n" + (f"{said.pdu}\r\n" if said.pdu else "")
        self._remember(text.encode())
        self._waiting.append(text.encode())
        self._put_in()

    def _put_in(self) -> None:
        """Say what waits, between two lines of the commands' port and never inside of one."""
        while self._waiting and not self._mid_line:
            self._owner.data_received(self._waiting.pop(0))

    def _remember(self, data: bytes) -> None:
        self._recent.append((asyncio.get_running_loop().time(), data))
        self._forget()

    def _forget(self) -> None:
        since = asyncio.get_running_loop().time() - _RECENT
        while self._recent and self._recent[0][0] < since:
            self._recent.popleft()
