"""The other end of the cable: a bank of simulated GSM modems on pseudo-terminals.

It imports nothing of `gateway` and reads PDUs with its own eyes, so that driver and simulator
cannot share a mistake.
"""

from hardware.simulator.bank import Bank, run_bank
from hardware.simulator.control import ControlClient
from hardware.simulator.errors import ControlError, FaultError, SimulatorError
from hardware.simulator.faults import FaultName
from hardware.simulator.settings import BankSettings, ModemSettings, Repeats, ReportMode
from hardware.simulator.ussd import UssdSettings

__all__ = [
    "Bank",
    "BankSettings",
    "ControlClient",
    "ControlError",
    "FaultError",
    "FaultName",
    "ModemSettings",
    "Repeats",
    "ReportMode",
    "SimulatorError",
    "UssdSettings",
    "run_bank",
]
