"""What a person has to look at: one alarm for each thing that does not heal by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AlarmKind(StrEnum):
    """What is wrong with a modem, its SIM, or a carrier."""

    PORT_TAKEN = "port_taken"
    """Another program has the port, ModemManager for one (MODEMS.md 1.14)."""
    PIN_REFUSED = "pin_refused"
    """The PIN was wrong; it is not typed again (MODEMS.md 5.5)."""
    PIN_MISSING = "pin_missing"
    """The SIM asks for a PIN, and the configuration has none."""
    SIM_LOCKED = "sim_locked"
    """The SIM waits for its PUK."""
    NO_SIM = "no_sim"
    NO_SERVICE = "no_service"
    """No network carries messages, for longer than a gap lasts."""
    RESTARTED = "restarted"
    """The modem lost its power in service, as weak supplies and hubs have it (MODEMS.md 5.13)."""
    UNRECOVERED = "unrecovered"
    """Every rung of the recovery ladder was tried in vain (MODEMS.md section 9)."""
    LINE_STOPPED = "line_stopped"
    """The line's circuit breaker is open: the network refuses one message after the other."""
    STORAGE_FILLING = "storage_filling"
    """The modem's storage is above 80 %; when it is full nothing comes in (MODEMS.md 4.11)."""
    CARRIER_UNUSABLE = "carrier_unusable"
    """A carrier does not take our token, or does not answer as one whose address it is."""
    BALANCE_LOW = "balance_low"
    """The prepaid balance is below its threshold."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarm:
    """One alarm that is on."""

    kind: AlarmKind
    detail: str
    """A sentence for the operator: what is wrong and what would help. Without any number of a
    person."""
    since: datetime
    """Aware, in UTC."""
