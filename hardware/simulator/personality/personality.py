"""One kind of stick."""

from __future__ import annotations

from dataclasses import dataclass, field

from hardware.simulator.personality.badge import Badge, Usb
from hardware.simulator.personality.messages import (
    Centre,
    Inbound,
    Notify,
    Reports,
    Sending,
    Service,
)
from hardware.simulator.personality.power import Network, Power
from hardware.simulator.personality.speech import Commands, Noise, Results, Wire
from hardware.simulator.personality.storage import Storage
from hardware.simulator.personality.ussd import Ussd


@dataclass(frozen=True, slots=True, kw_only=True)
class Personality:
    """How a kind of stick behaves when nothing goes wrong; the default obeys the specifications."""

    badge: Badge = field(default_factory=Badge)
    usb: Usb = field(default_factory=Usb)
    wire: Wire = field(default_factory=Wire)
    results: Results = field(default_factory=Results)
    commands: Commands = field(default_factory=Commands)
    noise: Noise = field(default_factory=Noise)
    sending: Sending = field(default_factory=Sending)
    notify: Notify = field(default_factory=Notify)
    inbound: Inbound = field(default_factory=Inbound)
    reports: Reports = field(default_factory=Reports)
    service: Service = field(default_factory=Service)
    centre: Centre = field(default_factory=Centre)
    storage: Storage = field(default_factory=Storage)
    power: Power = field(default_factory=Power)
    network: Network = field(default_factory=Network)
    ussd: Ussd = field(default_factory=Ussd)
