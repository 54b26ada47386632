"""What outlives a connection: kept by the supervisor for the life of the process."""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.modem.alarms import Alarms
from gateway.modem.notebook import Notes


@dataclass(kw_only=True, slots=True)
class Memory:
    """What was learned of one modem and its SIMs."""

    alarms: Alarms
    """What a person has to look at."""
    notes: Notes = field(default_factory=Notes)
    """What also outlives the process; shared by all modems."""
