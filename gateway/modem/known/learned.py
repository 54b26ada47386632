"""What one modem taught us, kept by its IMEI across restarts: what worked is tried first next time.

A profile says what to try; this says what then worked. Where it works no longer, the ladder is
walked again and what is kept here is replaced.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import structlog
from pydantic import TypeAdapter, ValidationError

from gateway.modem.known.notebook import Facts, Notes
from gateway.modem.known.profile import UssdForm

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Learned:
    """What worked with one modem; None and empty where that is not known."""

    announcements: tuple[int, ...] = ()
    """The values of AT+CNMI that it took and kept."""
    memory: str = ""
    """Where it keeps inbound messages."""
    memory_arguments: int = 0
    """With how many arguments it takes AT+CPMS."""
    service: int | None = None
    """The value of AT+CGSMS with which it takes messages."""
    without_ok: tuple[str, ...] = ()
    """The commands that it answers without an OK, such as ``AT+CPIN?`` (MODEMS.md 1.8)."""
    lists: bool | None = None
    """Whether AT+CMGL can be used."""
    ussd: UssdForm | None = None
    """How it takes USSD requests."""
    references: bool = True
    """Whether its ``+CMGS`` tells messages apart (MODEMS.md 2.8)."""
    more_messages: bool | None = None
    """Whether it takes AT+CMMS."""


_JSON: Final = TypeAdapter(Learned)


class Experience:
    """What is known of one modem, and the pen to write it down with."""

    def __init__(self, notes: Notes, subject: str, learned: Learned) -> None:
        self._notes = notes
        self._subject = subject
        self._learned = learned

    @classmethod
    async def recall(cls, notes: Notes, subject: str) -> Experience:
        """Return what is noted under a subject; notes that make no sense are none."""
        return cls(notes, subject, _read(await notes.read(subject)))

    @property
    def learned(self) -> Learned:
        """What is known now."""
        return self._learned

    async def keep(self, learned: Learned) -> None:
        """Replace what is known, such as by ``replace(experience.learned, lists=False)``."""
        self._learned = learned
        facts = _JSON.dump_python(learned, mode="json", exclude_defaults=True)
        await self._notes.write(self._subject, facts)


def _read(facts: Facts) -> Learned:
    try:
        return _JSON.validate_python(dict(facts))
    except ValidationError as error:
        log.warning("note_makes_no_sense", faults=error.error_count())
        return Learned()
