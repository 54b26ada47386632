"""What a person has to look at: one alarm for each thing that does not heal by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class AlarmKind(StrEnum):
    """What is wrong: with a modem, its SIM or a carrier, with all lines, or with the box."""

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
    LINE_DOWN = "line_down"
    """A modem is out of service for longer than it takes to come back by itself."""
    REPORTS_FALLING = "reports_falling"
    """Fewer delivery reports come than used to: of one line, or of all."""
    QUEUE_BEHIND = "queue_behind"
    """What is urgent waits for too long, or what waits will be past its deadline."""
    DISK_LOW = "disk_low"
    """Little more is free than the reserve, at which nothing new is taken in."""
    DISK_FILLING = "disk_filling"
    """The disk fills so fast that it will soon be at its reserve."""
    BROKER_AWAY = "broker_away"
    """The MQTT broker is not there, or refuses us."""
    DATABASE_TROUBLE = "database_trouble"
    """The database cannot be read or written."""
    CLOCK_JUMPED = "clock_jumped"
    """The box's clock was set, or had been wrong."""
    BACKUP_OVERDUE = "backup_overdue"
    """The newest copy of the database is too old, or the last one failed."""
    COPY_WAITS = "copy_waits"
    """The database is a restored copy, and what waits in it waits for the operator's word."""
    LOOP_LOST = "loop_lost"
    """What one own line sends to another does not arrive."""
    LOOP_SLOW = "loop_slow"
    """What one own line sends to another takes long."""


class Severity(StrEnum):
    """How soon somebody has to look."""

    WARNING = "warning"
    """Within the day; nothing is lost meanwhile."""
    CRITICAL = "critical"
    """Now: messages wait or are lost."""


_WARNINGS: Final = frozenset(
    {
        AlarmKind.RESTARTED,
        AlarmKind.STORAGE_FILLING,
        AlarmKind.BALANCE_LOW,
        AlarmKind.REPORTS_FALLING,
        AlarmKind.DISK_FILLING,
        AlarmKind.CLOCK_JUMPED,
        AlarmKind.BACKUP_OVERDUE,
        AlarmKind.LOOP_LOST,
        AlarmKind.LOOP_SLOW,
    }
)


def severity_of(kind: AlarmKind) -> Severity:
    """Return how soon somebody has to look."""
    return Severity.WARNING if kind in _WARNINGS else Severity.CRITICAL


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarm:
    """One alarm that is on."""

    kind: AlarmKind
    detail: str
    """A sentence for the operator: what is wrong and what would help. Without any number of a
    person."""
    since: datetime
    """Aware, in UTC."""
