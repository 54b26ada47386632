"""A message that came in: what kind it is, how far it has come, and how a store reads it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from gateway.domain.clock import require_aware
from gateway.domain.ids import JobId
from gateway.domain.job import format_instant


class InboundKind(StrEnum):
    """What came in."""

    TEXT = "text"
    FLASH = "flash"
    """Class 0: shown at once by a phone, and not kept."""
    SIM = "sim"
    """Class 2: for the SIM, as operators write to it over the air."""
    REPLACE = "replace"
    """A text that takes the place of an earlier one of its sender."""
    EMAIL = "email"
    """A gateway of the network made it from an e-mail."""
    BINARY = "binary"
    """Octets, or a text for a program's port."""
    WAP_PUSH = "wap_push"
    MMS = "mms"
    """The notification that a picture message lies at the operator's."""
    WAITING = "waiting"
    """Voicemail and the like waits."""
    SILENT = "silent"
    """Type 0: a phone acknowledges it and shows nothing."""
    UNREADABLE = "unreadable"


class InboundState(StrEnum):
    """How far a message that came in has come."""

    OPEN = "open"
    """Parts of it are missing."""
    HELD = "held"
    """Finished, and there is no store that could be told."""
    POSTED = "posted"
    """In the outbox, or published."""
    KEPT = "kept"
    """For nobody's eyes: logged, kept, and not published."""


INBOUND_WAIT_S: Final = 6 * 3600
"""Seconds that the parts of a long message are waited for, unless the operator sets another time.
Parts come within seconds; hours apart when the network is overloaded or the modem was away."""


@dataclass(frozen=True, kw_only=True, slots=True)
class InboundMessage:
    """One message as a store is told of it."""

    id: str
    """Unique, and the same however often it is published."""
    sender: str | None
    """E.164 where that can be told, else as the network wrote it; None when it cannot be read."""
    to_modem: str
    text: str | None
    kind: InboundKind
    received_at: datetime
    """When its first part was kept; our clock, UTC."""
    in_reply_to: JobId | None
    """The newest job of the store to this person."""
    data: bytes | None = None
    """Its octets, where it has no alphabet."""
    missing: tuple[int, ...] = ()
    """Places, from 1, of parts of ``data`` that never came; in a text they are marked."""

    def __post_init__(self) -> None:
        require_aware("received_at", self.received_at)

    def to_json(self) -> str:
        """Return the payload of ``shopbell/v1/{store}/inbound``."""
        payload: dict[str, object] = {
            "id": self.id,
            "from": self.sender,
            "to_modem": self.to_modem,
            "text": self.text,
            "received_at": format_instant(self.received_at),
            "in_reply_to": self.in_reply_to,
        }
        if self.kind is not InboundKind.TEXT:
            payload["kind"] = self.kind.value
        if self.data is not None:
            payload["data"] = self.data.hex().upper()
        if self.data is not None and self.missing:
            payload["missing"] = list(self.missing)
        return json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
