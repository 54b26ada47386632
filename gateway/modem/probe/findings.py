"""What a probe of one stick found out, as values; asking is `gateway.modem.probe.probe`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from gateway.at import Registration, SimState
from gateway.modem.modem import Identity


class Verdict(StrEnum):
    """What a modem did with a setting that was tried."""

    WORKS = "works"
    FORGOTTEN = "not kept"
    """It said OK, and tells another value when it is asked."""
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True, slots=True)
class Rung:
    """One setting that was tried."""

    setting: str
    """Such as ``2,1,0,1,0``, or ``SM, 3 arguments``."""
    verdict: Verdict
    detail: str = ""
    """The modem's own words, where it refused."""


class PortRole(StrEnum):
    """What one tty of a stick does."""

    PROBED = "answers; the one probed"
    ANSWERS = "answers"
    SILENT = "silent"
    BUSY = "cannot be opened"
    LEFT = "left alone, as its profile says"


@dataclass(frozen=True, kw_only=True, slots=True)
class PortFinding:
    """One tty of the stick."""

    device: str
    interface: int
    """The USB interface's number."""
    role: PortRole
    speaks: bool = False
    """It said something by itself while the modem was probed."""
    detail: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Findings:
    """One stick, its SIM and its network."""

    port: str
    """The device that was opened."""
    identity: Identity
    profile: str
    """The name of the profile that fits, such as ``huawei-e173``."""
    usb_id: str = ""
    usb_path: str = ""
    """Both empty where it is no USB stick."""
    sim: SimState
    iccid: str = ""
    imsi: str = ""
    operator: str = ""
    signal_dbm: int | None = None
    registrations: Mapping[str, Registration | None]
    """By the question: ``+CREG``, ``+CGREG``, ``+CEREG``; None where it is not answered."""
    service_centre: str = ""
    pdu_mode: bool
    ladders: Mapping[str, tuple[Rung, ...]]
    """Every setting that was tried, by its command, such as ``AT+CNMI``."""
    ports: tuple[PortFinding, ...] = ()
    """Every tty of the stick, where it has several."""
    arrived: int = 0
    """Messages and reports that came in routed meanwhile, and are lost."""
    unrestored: tuple[str, ...] = ()
    """Settings that the modem did not take back."""

    @property
    def trouble(self) -> str:
        """Why no message can be sent with it, in one line; empty when one can."""
        if self.sim in _SIM_TROUBLE:
            return _SIM_TROUBLE[self.sim]
        if not self.pdu_mode:
            return "it does not do PDU mode (AT+CMGF=0)"
        told = [one for one in self.registrations.values() if one is not None]
        if told and not any(one.carries_sms for one in told):
            return "no network takes it: look at the antenna, the contract and the credit"
        if not self.service_centre:
            return "its SIM knows no service centre (AT+CSCA); ask the operator for the number"
        return ""


_SIM_TROUBLE: Final = {
    SimState.PIN: "the SIM waits for its PIN: give --pin-file",
    SimState.PUK: "the SIM waits for its PUK: unlock it in a telephone",
    SimState.ABSENT: "there is no SIM in it",
    SimState.BUSY: "the SIM was not ready in time: try again with a longer --wait",
}
"""By how the SIM is; a modem that does not tell is believed until it refuses."""
