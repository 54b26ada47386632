"""The AT protocol without I/O: bytes in, events out, and the readers of answers."""

from gateway.at.answer import Answer
from gateway.at.events import Ended, Event, Line, Prompt, Unsolicited
from gateway.at.final import read_final
from gateway.at.identity import read_imei, read_text
from gateway.at.indication import Slot, read_slot
from gateway.at.network import read_operator
from gateway.at.parser import Parser
from gateway.at.reference import read_reference
from gateway.at.registration import Registration, best, read_registration
from gateway.at.request import Request, request
from gateway.at.signal import read_signal
from gateway.at.sim import SimState, read_iccid, read_imsi, read_sim_state
from gateway.at.smsc import read_smsc
from gateway.at.storage import Usage, read_memories, read_usage
from gateway.at.stored import (
    Stored,
    in_text_mode,
    outline,
    read_indices,
    read_list,
    read_message,
    read_routed,
)
from gateway.at.ussd import END_SESSION, UssdSaid, UssdState, read_ussd, ussd_command

__all__ = [
    "END_SESSION",
    "Answer",
    "Ended",
    "Event",
    "Line",
    "Parser",
    "Prompt",
    "Registration",
    "Request",
    "SimState",
    "Slot",
    "Stored",
    "Unsolicited",
    "Usage",
    "UssdSaid",
    "UssdState",
    "best",
    "in_text_mode",
    "outline",
    "read_final",
    "read_iccid",
    "read_imei",
    "read_imsi",
    "read_indices",
    "read_list",
    "read_memories",
    "read_message",
    "read_operator",
    "read_reference",
    "read_registration",
    "read_routed",
    "read_signal",
    "read_sim_state",
    "read_slot",
    "read_smsc",
    "read_text",
    "read_usage",
    "read_ussd",
    "request",
    "ussd_command",
]
