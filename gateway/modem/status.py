"""How a modem stands, for operators and for the metrics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from gateway.at import Registration
from gateway.domain.alarms import Alarm
from gateway.domain.balance import Balance
from gateway.domain.ids import LineId, ModemName
from gateway.modem.modem import Identity
from gateway.modem.rung import Rung


class ModemState(StrEnum):
    """What a modem waits for."""

    MISSING = "missing"
    """There is no such port; it is waited for."""
    STARTING = "starting"
    NO_SIM = "no_sim"
    PIN_REQUIRED = "pin_required"
    """The SIM is locked, and there is no PIN, or the one there is was wrong."""
    PUK_REQUIRED = "puk_required"
    """The SIM is locked for good until its owner types the PUK."""
    NOT_REGISTERED = "not_registered"
    """It looks for a network."""
    NO_SERVICE = "no_service"
    """It found a network that carries no messages of this SIM, or none for a long time."""
    READY = "ready"
    FAILED = "failed"
    """It did not come up, or broke down; it is tried again after a pause."""
    STOPPED = "stopped"


@dataclass(frozen=True, kw_only=True, slots=True)
class ModemStatus:
    """A snapshot of one modem."""

    name: ModemName
    port: str
    state: ModemState
    since: datetime
    """When the state began, aware, in UTC."""
    identity: Identity | None = None
    """None until it was told once; kept while the modem is away."""
    line: LineId | None = None
    operator: str | None = None
    signal_dbm: int | None = None
    """Received signal strength; None when the modem does not know."""
    registration: Registration | None = None
    """None when the modem does not say."""
    recovery: Rung | None = None
    """What is being tried to bring it back; None while nothing has to be."""
    recoveries: Mapping[Rung, int] = field(default_factory=dict)
    """How often each rung was tried since the gateway started."""
    balance: Balance | None = None
    """What the network told last; None when it is not asked or did not tell."""
    alarms: tuple[Alarm, ...] = ()
    """What a person has to look at."""
    last_error: str | None = None
    """What went wrong last, for people."""
