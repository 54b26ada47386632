"""What a store is told, by the last level of the topic (CONTRACT.md section 4)."""

from __future__ import annotations

from enum import StrEnum


class Outward(StrEnum):
    """The kinds of payload that this gateway publishes to stores; there are no others."""

    STATUS = "status"
    """How far a job has come."""
    REJECTED = "rejected"
    """Why something that a store published was refused."""
    INBOUND = "inbound"
    """What a person wrote."""
    CONSENT = "consent"
    """What a person now allows or forbids."""
    CLICKS = "clicks"
    """That a person opened a link."""
