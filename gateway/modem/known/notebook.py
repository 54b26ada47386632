"""What is kept of a modem or a SIM across restarts of the process: notes by subject.

`Notebook` is the port, which `gateway.app` fills with the database; `Notes` is what the modems use
of it. A start never waits long for a database and never fails for its sake: what cannot be written
is kept for the life of the process.

Each subject has one owner in the code, who writes all of its facts at once: ``modem:<imei>`` is
`gateway.modem.known.learned`, ``line:<iccid>`` is `gateway.modem.start.centre`, ``pin:…`` is
`gateway.modem.start.pin`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final, Protocol

import structlog

from gateway.domain.errors import StorageError
from gateway.domain.ids import ModemName

log = structlog.get_logger(__name__)

Facts = Mapping[str, object]
"""What JSON can hold; empty when nothing is known."""

PATIENCE: Final = 2.0
"""Seconds for a note; a database that is alive answers in milliseconds."""


class Notebook(Protocol):
    """Keeps facts by their subject."""

    async def read(self, subject: str) -> Facts:
        """Return what is known of a subject.

        Raises:
            StorageError: it cannot be read.
        """
        ...

    async def write(self, subject: str, facts: Facts) -> None:
        """Keep these facts of a subject in place of all earlier ones; none at all forgets it.

        Raises:
            StorageError: it could not be kept.
        """
        ...


class Notes:
    """The notes of every modem of the process."""

    def __init__(self, notebook: Notebook | None = None) -> None:
        """Use a notebook, or keep everything for the life of the process alone."""
        self._notebook = notebook
        self._known: dict[str, Facts] = {}
        self._unwritten: set[str] = set()
        self._holders: dict[str, ModemName] = {}

    async def read(self, subject: str) -> Facts:
        """Return what is known of a subject; nothing when it cannot be read."""
        if subject not in self._known and self._notebook is not None:
            try:
                async with asyncio.timeout(PATIENCE):
                    self._known[subject] = await self._notebook.read(subject)
            except (StorageError, TimeoutError) as error:
                log.warning("note_not_read", kind=_kind(subject), error=str(error))
        return self._known.get(subject, {})

    async def write(self, subject: str, facts: Facts) -> None:
        """Keep what changed; what cannot be written is tried again at the next time."""
        if facts == await self.read(subject) and subject not in self._unwritten:
            return
        self._known[subject] = facts
        if self._notebook is None:
            return
        self._unwritten.add(subject)
        try:
            async with asyncio.timeout(PATIENCE):
                await self._notebook.write(subject, facts)
            self._unwritten.discard(subject)
        except (StorageError, TimeoutError) as error:
            log.warning("note_not_written", kind=_kind(subject), error=str(error))

    async def secure(self, subject: str) -> bool:
        """Write what is left to write of a subject; return whether its note says what is known.

        Without a notebook there is nothing to outlive the process, and nothing to wait for.
        """
        facts = await self.read(subject)
        if self._notebook is None or subject not in self._known:
            return self._notebook is None
        await self.write(subject, facts)
        return subject not in self._unwritten

    async def modem_subject(self, imei: str, modem: ModemName, place: str) -> str:
        """Return under which subject a stick is noted: its IMEI, and its place if that is shared.

        Cheap clones all say the same IMEI (MODEMS.md 6.5). That two sticks did so at one time is
        noted for good.

        Args:
            imei: empty when the stick does not say; then its place is all there is.
            modem: who holds it until `release`.
            place: where it is plugged in, or another name that stays.
        """
        if not imei:
            return f"modem:@{place}"
        shared = f"shared:{imei}"
        if self._holders.setdefault(imei, modem) != modem:
            log.warning("imei_is_not_unique", modem=modem, other=self._holders[imei])
            await self.write(shared, {"shared": True})
        return f"modem:{imei}@{place}" if await self.read(shared) else f"modem:{imei}"

    def release(self, modem: ModemName) -> None:
        """Say that a modem's stick is gone, so that another may hold it."""
        self._holders = {imei: name for imei, name in self._holders.items() if name != modem}


def _kind(subject: str) -> str:
    """What may be logged of a subject."""
    return subject.partition(":")[0]
