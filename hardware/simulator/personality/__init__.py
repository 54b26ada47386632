"""How one kind of stick differs from the others, as data; what it does with it stands elsewhere.

A stick is described in ``hardware/simulator/sticks/NAME.toml``, written from what was seen on real
ones. The driver's own profiles are not looked at, so that both cannot share a mistake.
"""

from hardware.simulator.personality.badge import Badge, Interface, Role, Usb
from hardware.simulator.personality.catalogue import load, names
from hardware.simulator.personality.messages import (
    Centre,
    Inbound,
    Notify,
    Reports,
    Sending,
    Service,
)
from hardware.simulator.personality.personality import Personality
from hardware.simulator.personality.power import Network, Power
from hardware.simulator.personality.speech import Commands, Noise, Results, Wire
from hardware.simulator.personality.storage import Lists, Storage
from hardware.simulator.personality.ussd import Ussd, UssdForm

__all__ = [
    "Badge",
    "Centre",
    "Commands",
    "Inbound",
    "Interface",
    "Lists",
    "Network",
    "Noise",
    "Notify",
    "Personality",
    "Power",
    "Reports",
    "Results",
    "Role",
    "Sending",
    "Service",
    "Storage",
    "Usb",
    "Ussd",
    "UssdForm",
    "Wire",
    "load",
    "names",
]
