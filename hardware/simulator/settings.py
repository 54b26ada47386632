"""How a bank and its modems behave when nothing goes wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from hardware.simulator.sim import OPERATOR_CODE
from hardware.simulator.ussd import UssdSettings


class ReportMode(StrEnum):
    """Which status reports a modem can hand over (27.005, 3.4.1, ``ds`` of +CNMI)."""

    BOTH = "both"
    """Routed or stored, as the host asks."""
    CDS = "cds"
    """Routed only: ``+CDS`` with the PDU."""
    CDSI = "cdsi"
    """Stored only: ``+CDSI`` with an index of the SR memory."""
    NONE = "none"
    """The network sends none."""


class Repeats(StrEnum):
    """What the service centre does with TP-RD (23.040, 9.2.3.25: a "should")."""

    IGNORE = "ignore"
    """Takes the repeat for a new message; most networks."""
    REJECT = "reject"
    """Answers ``+CMS ERROR: 197``."""
    ACCEPT = "accept"
    """Answers with the reference of the earlier one, and sends nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModemSettings:
    """One modem, its SIM and what its network does. All times in seconds."""

    command_latency: float = 0.0
    """Before every answer."""
    submit_latency: float = 0.0
    """Between Ctrl-Z and acceptance, as the radio takes its time; 5 to 10 on a real 2G cell."""
    report_delay: float = 0.1
    """Between acceptance and the report."""
    report_mode: ReportMode = ReportMode.BOTH
    boot: float = 0.0
    """After power-on, without any answer, if its kind is not slower. Zero: was on long before."""
    repeats: Repeats = Repeats.IGNORE
    slots: int | None = None
    """Of each of the memories SM and ME; none: as its personality has it."""
    report_slots: int | None = None
    """Of the memory SR; none: as its personality has it."""
    pin: str | None = None
    """The SIM's PIN; none: it asks for none."""
    home: str = OPERATOR_CODE
    """The network that the SIM is of: MCC and MNC, which begin its IMSI."""
    registration: int = 1
    """``stat`` of +CREG (27.007, 7.2)."""
    ussd: UssdSettings = field(default_factory=UssdSettings)

    def __post_init__(self) -> None:
        for name in ("command_latency", "submit_latency", "report_delay", "boot"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} is {getattr(self, name)}; it must not be negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class BankSettings:
    """A bank of modems that are set alike."""

    modems: int = 1
    profiles: tuple[str, ...] = ()
    """Kinds of stick, dealt round robin; none: all obey the specifications."""
    modem: ModemSettings = field(default_factory=ModemSettings)
    seed: int = 0
    """Of everything random: the same seed, the same faults at the same submits."""
    log: Path | None = None
    """Where the ground truth goes; none: ``log.jsonl`` in the bank's directory."""
    faults: tuple[str, ...] = ()
    """Armed on every modem from the start, as `faults.parse_fault` reads them."""
    usb: bool = False
    """Show the sticks on a bus, in ``sys`` in the bank's directory, each with all its tty."""

    def __post_init__(self) -> None:
        if self.modems < 1:
            raise ValueError(f"a bank has at least one modem, not {self.modems}")
