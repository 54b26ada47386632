"""What can be made to go wrong, and when it next does.

A fault is armed with a name and, as wanted, a value, a count ("the next three") and a probability.
The modem asks at each place where a fault could strike; asking uses up the count. Nothing here
knows what a fault does: that stands at the place that asks.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace
from enum import StrEnum

from hardware.simulator.errors import FaultError


class FaultName(StrEnum):
    """Every fault; ``value`` is explained where it means something."""

    # The whole modem
    SILENCE = "silence"
    """A command gets no answer. Without a count: the modem hangs."""
    HANG_UNTIL_ESC = "hang_until_esc"
    """Nothing is answered until the host writes ESC; ``value`` says where it begins (`Where`)."""
    HANG_UNTIL_REOPENED = "hang_until_reopened"
    """The same until the host closes its port."""
    HANG_UNTIL_RESET = "hang_until_reset"
    """The same until the host writes a command that restarts this kind of stick."""
    HANG_UNTIL_POWER = "hang_until_power"
    """The same until the power goes: ``reboot``, or ``unplug`` and ``return``."""
    ERROR = "error"
    """A command is refused: ``+CNMI`` or ``+CNMI=500``; a number is a CMS code, none is ERROR.
    ``+CMGD=500`` is a delete that is refused."""
    LATE_OK = "late_ok"
    """A command is answered ``value`` seconds later (default 6), others are not kept waiting."""
    ECHO_AGAIN = "echo_again"
    """The echo is on again from a command on."""

    # The SIM and its memories
    NO_SIM = "no_sim"
    """The SIM is missing; ``eject`` and ``insert`` say so to the host besides."""
    PIN_AGAIN = "pin_again"
    """From a command on the SIM asks for its PIN once more, if it has one."""
    SMSC_LOST = "smsc_lost"
    """The service centre is forgotten when a message is to be sent."""
    STORAGE_FULL = "storage_full"
    """All memories count as full: nothing comes in, ``^SMMEMFULL`` is said."""
    WRONG_MEMORY = "wrong_memory"
    """An announcement (+CMTI, +CDSI) names another memory."""
    WRONG_INDEX = "wrong_index"
    """An announcement names a slot that is ``value`` further (default 1)."""
    CUT_LIST = "cut_list"
    """The last PDU of +CMGL is cut in half."""
    TEXT_MODE = "text_mode"
    """From a command on +CMGR and +CMGL answer as in text mode, until +CMGF=0."""

    # The network
    REGISTRATION_LOST = "registration_lost"
    """Not registered, searching: nothing goes out."""
    REGISTRATION_DENIED = "registration_denied"
    """Registration is denied."""
    DEREGISTER = "deregister"
    """Registration is lost for ``value`` seconds (default 10) when a message is sent."""

    # Before the PDU
    REFUSE = "refuse"
    """``+CMS ERROR: value`` instead of the prompt. Default 500."""
    NO_PROMPT = "no_prompt"
    """No prompt, and no word; the PDU would be taken for commands."""
    UNPLUG_AT_PROMPT = "unplug_at_prompt"
    """Gone right after the prompt; ``value``: back after so many seconds, none: stays away."""
    UNPLUG_IN_PDU = "unplug_in_pdu"
    """Gone at the first octets of the PDU; ``value`` as above."""

    REBOOT_IN_PDU = "reboot_in_pdu"
    """Restarts at the first octets of the PDU; ``value``: seconds of boot, none: its kind's."""
    LOSE_OCTET = "lose_octet"
    """One character of the PDU is lost on the wire."""

    # After Ctrl-Z
    UNPLUG_AFTER_CTRL_Z = "unplug_after_ctrl_z"
    """Gone before the network took it; ``value`` as above."""
    UNPLUG_AFTER_ACCEPT = "unplug_after_accept"
    """Gone when the network had taken it, before the answer; ``value`` as above."""
    REBOOT_AFTER_CTRL_Z = "reboot_after_ctrl_z"
    """Restarts before the network took it; ``value`` as for ``reboot_in_pdu``."""
    REBOOT_AFTER_ACCEPT = "reboot_after_accept"
    """Restarts when the network had taken it, before the answer; ``value`` as above."""
    SWALLOW = "swallow"
    """Nothing is sent and nothing is said."""
    REJECT = "reject"
    """``+CMS ERROR: value``, nothing is sent. Default 500."""
    ERROR_AFTER_ACCEPT = "error_after_accept"
    """``+CMS ERROR: value`` although it is sent. Default 500."""
    LOSE_ANSWER = "lose_answer"
    """It is sent; the answer never comes; the modem lives on."""
    LATE_ANSWER = "late_answer"
    """It is sent; the answer comes ``value`` seconds later (default 30); other commands work."""
    OK_ONLY = "ok_only"
    """OK without ``+CMGS``."""
    NO_OK = "no_ok"
    """``+CMGS`` without OK."""

    # Reports
    CNMI_FORGOTTEN = "cnmi_forgotten"
    """+CNMI is as after power-on from the acceptance on: what comes in waits."""
    REPORT_EARLY = "report_early"
    """Handed over before ``+CMGS``."""
    REPORT_TWICE = "report_twice"
    REPORT_NEVER = "report_never"
    REPORT_TEMPORARY = "report_temporary"
    """A temporary status first (``value``, default 0x30), the final one a report delay later."""
    REPORT_FAILED = "report_failed"
    """The final status is ``value`` (default 0x46: validity expired)."""

    # The wire
    NOISE = "noise"
    """An unsolicited vendor line at this place: before, inside, after an answer."""
    SPLIT_URC = "split_urc"
    """What is routed (+CDS, +CMT) is kept for the next answer, at most two seconds, and comes in
    the middle of it: its two lines in two writes, ``value`` seconds apart (default 0.05)."""
    NUL_FLOOD = "nul_flood"
    """NULs before an answer; ``value``: how many (default 4096)."""
    GARBAGE = "garbage"
    """Random octets and NULs before an answer; ``value``: how many (default 64)."""
    TRICKLE = "trickle"
    """One octet at a time, ``value`` seconds apart (default 0.001)."""
    LF_ONLY = "lf_only"
    """Lines end with LF."""
    BARE_PROMPT = "bare_prompt"
    """``>`` and a line end, without the blank."""
    DOUBLE_ECHO = "double_echo"
    """The echo comes twice, also when it is switched off."""


class Where(StrEnum):
    """Where in a dialogue a modem begins to hang."""

    COMMAND = "command"
    """At a command; the default."""
    PROMPT = "prompt"
    """Right after the prompt."""
    CTRL_Z = "ctrl_z"
    """At Ctrl-Z: nothing is sent."""
    ACCEPT = "accept"
    """When the network had taken the message, before the answer."""


HANGS = (
    FaultName.HANG_UNTIL_ESC,
    FaultName.HANG_UNTIL_REOPENED,
    FaultName.HANG_UNTIL_RESET,
    FaultName.HANG_UNTIL_POWER,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One armed fault."""

    name: FaultName
    value: str | None = None
    count: int | None = None
    """How often it still strikes; none: for ever."""
    probability: float = 1.0
    """Of striking where it could."""

    def __post_init__(self) -> None:
        if self.count is not None and self.count < 1:
            raise FaultError(f"{self.name}: count is {self.count}; it must be at least 1")
        if not 0 < self.probability <= 1:
            raise FaultError(f"{self.name}: probability is {self.probability}, not in (0, 1]")

    def number(self, default: float) -> float:
        """The value as a number; ``0x`` is read as hexadecimal.

        Raises:
            FaultError: the value is none.
        """
        if self.value is None:
            return default
        try:
            return int(self.value, 16) if self.value.startswith("0x") else float(self.value)
        except ValueError:
            raise FaultError(f"{self.name}: {self.value!r} is no number") from None

    def code(self, default: int) -> int:
        """The value as a whole number."""
        return int(self.number(default))


_TEXT = re.compile(
    r"(?P<name>[a-z_]+)(?:=(?P<value>[^*%]+))?(?:\*(?P<count>\d+))?(?:%(?P<chance>[\d.]+))?"
)
_COMMAND_VALUE = re.compile(r"[+^#*]?[A-Z0-9]+(=\d+)?", re.IGNORECASE)


def parse_fault(text: str) -> Fault:
    """Read ``name[=value][*count][%probability]``: ``lose_answer``, ``reject=38*3``, ``noise%0.1``.

    Raises:
        FaultError: it is not written so, or there is no such fault.
    """
    match = _TEXT.fullmatch(text)
    if match is None:
        raise FaultError(f"{text!r} is not name[=value][*count][%probability]")
    return make_fault(
        match["name"],
        value=match["value"],
        count=int(match["count"]) if match["count"] else None,
        probability=float(match["chance"] or 1),
    )


def make_fault(
    name: str, *, value: str | None = None, count: int | None = None, probability: float = 1.0
) -> Fault:
    """A fault by its name, its value checked.

    Raises:
        FaultError: there is no such fault, or it cannot have this value.
    """
    if name not in set(FaultName):
        raise FaultError(f"no fault is called {name!r}; there are {', '.join(FaultName)}")
    fault = Fault(name=FaultName(name), value=value, count=count, probability=probability)
    if fault.name in HANGS:
        _check_where(fault)
    elif fault.name is not FaultName.ERROR:
        fault.number(0)
    elif not _COMMAND_VALUE.fullmatch(value or ""):
        raise FaultError(f"error: {value!r} is neither a command (+CNMI) nor one with a CMS code")
    return fault


def _check_where(fault: Fault) -> None:
    if fault.value is not None and fault.value not in set(Where):
        raise FaultError(f"{fault.name}: {fault.value!r} is none of {', '.join(Where)}")


class Faults:
    """The faults armed on one modem."""

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed)  # noqa: S311 - repeatable, not secret
        self._armed: dict[FaultName, list[Fault]] = {}

    def arm(self, fault: Fault) -> None:
        """Have it strike; several of one name strike one after the other."""
        self._armed.setdefault(fault.name, []).append(fault)

    def clear(self, name: FaultName | None = None) -> None:
        """Disarm one name, or all."""
        if name is None:
            self._armed.clear()
        else:
            self._armed.pop(name, None)

    def listing(self) -> list[Fault]:
        """What is armed."""
        return [fault for armed in self._armed.values() for fault in armed]

    def peek(self, name: FaultName) -> bool:
        """Whether it is armed, without using it up."""
        return bool(self._armed) and name in self._armed

    def strike(self, name: FaultName) -> Fault | None:
        """The fault if it strikes here and now; this uses up its count."""
        if not self._armed or name not in self._armed:
            return None
        return self._struck(self._armed[name][0])

    def strike_command(self, command: str) -> Fault | None:
        """An armed ``error`` whose value names this command, as ``strike``."""
        for fault in self._armed.get(FaultName.ERROR, ()):
            if (fault.value or "").partition("=")[0].upper() == command:
                return self._struck(fault)
        return None

    def strike_hang(self, where: Where) -> Fault | None:
        """An armed hang that begins here, as ``strike``."""
        for name in HANGS if self._armed else ():
            for fault in self._armed.get(name, ()):
                if (fault.value or Where.COMMAND) == where:
                    return self._struck(fault)
        return None

    def _struck(self, fault: Fault) -> Fault | None:
        if fault.probability < 1 and self.random.random() >= fault.probability:
            return None
        self._use(fault)
        return fault

    def _use(self, fault: Fault) -> None:
        if fault.count is None:
            return
        armed = self._armed[fault.name]
        at = armed.index(fault)
        if fault.count > 1:
            armed[at] = replace(fault, count=fault.count - 1)
        else:
            del armed[at]
        if not armed:
            del self._armed[fault.name]
