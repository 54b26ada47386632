"""A serial port as a modem: transport, link, driver, supervisor."""

from gateway.modem.balance import BalancePlan
from gateway.modem.fake import FakeModem, Step
from gateway.modem.modem import Identity, Intent, Modem, Submitted
from gateway.modem.notebook import Notebook, Notes
from gateway.modem.rack import Rack
from gateway.modem.settings import ModemSettings
from gateway.modem.sink import ModemSink
from gateway.modem.status import ModemState, ModemStatus
from gateway.modem.supervisor import Supervisor
from gateway.modem.transport import Opener
from gateway.modem.ussd import UssdAnswer, UssdError, UssdRequest

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
