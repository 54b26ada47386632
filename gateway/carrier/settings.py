"""What one carrier's client needs to know."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from gateway.domain.ids import CarrierName

CONNECT: Final = 10.0
"""Seconds for the connection and for its TLS; nothing was sent when they are over."""

ANSWER: Final = 60.0
"""Seconds from the first byte of a request to the last of its answer; carriers take one or two."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CarrierSettings:
    """Where a carrier is, and who we are there."""

    name: CarrierName
    url: str
    """What comes before ``/Accounts``, such as ``https://api.twilio.com/2010-04-01``."""
    account: str
    token: str = field(repr=False)
    sender: str
    """A number (E.164), a short code, a name, or the id of a pool of senders (``MG…``)."""
    ca_file: Path | None = None
    """Certificates that its own is checked against; the system's when None."""
    connect_timeout: float = CONNECT
    answer_timeout: float = ANSWER
