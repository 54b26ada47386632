"""The ground truth: what the simulated network and its modems saw, one JSON object a line.

A line is in the file before the host gets the answer that it is about, so that the log may be read
after the host, or the simulator itself, was killed. This is the network's own record and a test's
oracle: unlike every log of the gateway it holds numbers and texts in the clear.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

_encode = json.JSONEncoder(ensure_ascii=False).encode

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The wall clock, aware, in UTC."""
    return datetime.now(UTC)


class Event(StrEnum):
    """What can be in the log."""

    PROMPT = "prompt"
    """The modem asked for a PDU."""
    CANCELLED = "cancelled"
    """The host ended a PDU with ESC."""
    ACCEPTED = "accepted"
    """The network took the message: it is sent, whatever the host is told."""
    REPEATED = "repeated"
    """The network knew a repeat (TP-RD) and took it for the earlier one."""
    REFUSED = "refused"
    """The message was refused; ``code`` says why, ``stage`` whether before or after the PDU."""
    SWALLOWED = "swallowed"
    """The modem dropped a whole PDU without a word and without sending it."""
    REPORT = "report"
    """A status report was handed to the host, or put into its SR memory."""
    REPORT_DROPPED = "report_dropped"
    """A status report came while the host had reports switched off."""
    INBOUND = "inbound"
    """A message of a person was handed to the host, or stored for it."""
    UNPLUGGED = "unplugged"
    RETURNED = "returned"
    HANGUP = "hangup"
    REBOOT = "reboot"
    FAULT = "fault"
    """A fault was used up; ``name`` says which."""


class Journal(Protocol):
    """Where events go."""

    def write(self, modem: str, event: Event, **fields: object) -> None:
        """Keep one event of one modem."""
        ...


class FileJournal:
    """Events as lines of a file, each written through to the kernel at once."""

    def __init__(self, path: Path, clock: Clock = utc_now) -> None:
        self._clock = clock
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def write(self, modem: str, event: Event, **fields: object) -> None:
        """Append one line."""
        at = self._clock().isoformat(timespec="microseconds")
        record = {"at": at, "modem": modem, "event": event.value, **fields}
        os.write(self._file, _encode(record).encode() + b"\n")

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)
