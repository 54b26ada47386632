"""What outlives a connection: kept by the supervisor for the life of the process."""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.modem.alarms import Alarms
from gateway.modem.known.notebook import Notes
from gateway.modem.menu.balance import BalanceWatch
from gateway.modem.receive.handover import Handed


@dataclass(kw_only=True, slots=True)
class Memory:
    """What was learned of one modem and its SIMs."""

    alarms: Alarms
    """What a person has to look at."""
    notes: Notes = field(default_factory=Notes)
    """What also outlives the process; shared by all modems."""
    balance: BalanceWatch | None = None
    """None when nobody wants to know."""
    without_network_since: float | None = None
    """The loop's time at which the network was lost; None while there is one."""
    network_remedies: int = 0
    """How often something was done about a missing network, since the modem last served for long
    (`gateway.modem.start.network`)."""
    handed: Handed = field(default_factory=Handed)
    """What was read from it and is durable, although it may still lie on it."""
