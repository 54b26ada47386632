"""What outlives a connection: kept by the supervisor for the life of the process."""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.domain.ids import LineId
from gateway.modem.alarms import Alarms


@dataclass(kw_only=True, slots=True)
class Memory:
    """What was learned of one modem and its SIMs."""

    alarms: Alarms
    """What a person has to look at."""
    pin_tried: bool = False
    """The PIN was typed once. It is never typed again: the third wrong one locks the SIM."""
    service_centres: dict[LineId, str] = field(default_factory=dict)
    """Each SIM's service centre, to be restored when a modem forgets it (MODEMS.md 2.14)."""
