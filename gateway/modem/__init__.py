"""A serial port as a modem, kept in service.

The rooms, from the wire up: `port` opens it, `link` owns it and `trace` records it; `known` is what
is known of sticks, `find` tells which of a stick's ports is meant; `start` brings a modem up,
`send`, `receive` and `menu` use it, `recover` brings it back, `probe` looks at one alone. The
driver puts them together for a connection, the supervisor for the life of the process.
"""

from gateway.modem.fake import FakeModem, Step
from gateway.modem.known.notebook import Notebook, Notes
from gateway.modem.menu.balance import BalancePlan
from gateway.modem.menu.ussd import UssdAnswer, UssdError, UssdRequest
from gateway.modem.modem import Identity, Intent, Modem, Submitted
from gateway.modem.port.transport import Opener
from gateway.modem.rack import Rack
from gateway.modem.receive.sink import ModemSink
from gateway.modem.settings import ModemSettings
from gateway.modem.status import ModemState, ModemStatus
from gateway.modem.supervisor import Supervisor

__all__ = [
    "BalancePlan",
    "FakeModem",
    "Identity",
    "Intent",
    "Modem",
    "ModemSettings",
    "ModemSink",
    "ModemState",
    "ModemStatus",
    "Notebook",
    "Notes",
    "Opener",
    "Rack",
    "Step",
    "Submitted",
    "Supervisor",
    "UssdAnswer",
    "UssdError",
    "UssdRequest",
]
