"""What is known of one kind of stick before it is asked: a profile, as data.

A profile says what to try first and what to leave out; it never says what a modem then did, which
is found out by asking and kept by IMEI (`gateway.modem.known.learned`). What a profile leaves out
is as below; a stick that no profile fits runs on ``generic.toml``. The files lie in
`hardware.profiles`; reading and choosing is `gateway.modem.known.profiles`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from gateway.domain.failures import FailureClass, VendorCodes
from gateway.domain.results import ResultKind

UsbId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{4}:[0-9a-f]{4}$")]
"""Vendor and product, as ``lsusb`` writes them."""

Command = Annotated[str, StringConstraints(pattern=r"^AT[ -~]*$")]
Memory = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z_]{1,3}$")]
Rung = Annotated[tuple[int, ...], Field(min_length=4, max_length=5)]

ANNOUNCEMENTS: Final = (
    (2, 1, 0, 1, 0),
    (2, 1, 0, 2, 0),
    (1, 1, 0, 1, 0),
    (1, 1, 0, 2, 0),
    (3, 1, 0, 1, 0),
    (2, 1, 0, 0, 0),
)
"""Messages stored and announced, so that they survive a gateway that is down (MODEMS.md 4.15);
reports routed rather than stored, since memories for them are tiny or absent (3.7)."""


class UssdForm(StrEnum):
    """How a request to the network's menus is written (MODEMS.md 7.1)."""

    TEXT = "text"
    PACKED = "packed"
    """Hex of 7-bit characters, packed as in an SMS."""
    UCS2 = "ucs2"


class Section(BaseModel):
    """A table of a profile: frozen, and without keys that nobody reads."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Match(Section):
    """``[match]``: which sticks it fits."""

    manufacturer: str = ""
    """A regular expression, searched in the answer to AT+CGMI without regard to case."""
    model: str = ""
    """The same for AT+CGMM; empty: every model of the manufacturer that no other profile names."""
    usb: tuple[UsbId, ...] = ()


class Ports(Section):
    """``[ports]``: which of a stick's several tty is which, by USB interface number."""

    commands: tuple[int, ...] = ()
    """Those that take commands and say what comes in, best first; empty: all are probed."""
    never: tuple[int, ...] = ()
    """Those that are not even opened: diagnostics and positions, which some firmware chokes on."""


class Start(Section):
    """``[start]``: bringing it up."""

    init: tuple[Command, ...] = ()
    """Before the SIM is looked at; each may be refused."""
    quiet: tuple[Command, ...] = ()
    """Against the vendor's noise, at the end; each may be refused."""
    boot: Annotated[float, Field(gt=0)] = 75.0
    """Seconds from opening to the first OK; the slowest sticks take 60."""
    sim: Annotated[float, Field(gt=0)] = 60.0
    """Seconds in which "busy" and plain refusals of the SIM are no verdict."""


class Ladders(Section):
    """``[ladders]``: what is tried until the modem takes it; what it took is remembered by IMEI."""

    announcements: tuple[Rung, ...] = ANNOUNCEMENTS
    """AT+CNMI: mode, mt, bm, ds and bfr."""
    memories: tuple[Memory, ...] = ("SM", "ME", "MT")
    """AT+CPMS: where inbound messages shall be kept; what lies on the SIM moves with the line."""
    memory_arguments: tuple[Annotated[int, Field(ge=1, le=3)], ...] = (3, 2, 1)
    services: tuple[Annotated[int, Field(ge=0, le=3)], ...] = ()
    """AT+CGSMS, tried once each where messages are refused without a reason (MODEMS.md 2.16)."""


class Habits(Section):
    """``[habits]``: how it behaves on the wire."""

    wake: bool = False
    """It swallows the first command after a pause (MODEMS.md 1.11)."""
    lists: bool = True
    """AT+CMGL can be trusted; else every place is read alone (MODEMS.md 4.6)."""
    acknowledge: bool = True
    """It knows AT+CNMA; the others break off when they are asked for it (MODEMS.md 3.4)."""
    more_messages: bool = False
    """AT+CMMS keeps the radio link for the next part (MODEMS.md 2.10)."""
    piece: Annotated[int, Field(ge=0)] = 0
    """Characters of a PDU that are written at once; 0: all of it (MODEMS.md 1.13)."""
    piece_pause: Annotated[float, Field(ge=0)] = 0.02
    """Seconds between two pieces."""


class Codes(Section):
    """``[codes]``: what this vendor means by a code, over the common table (MODEMS.md 2a)."""

    cms: dict[int, FailureClass] = {}
    cme: dict[int, FailureClass] = {}

    @property
    def table(self) -> VendorCodes:
        """Both, as `gateway.domain.failures.classify` takes them."""
        cms = {(ResultKind.CMS, code): failure for code, failure in self.cms.items()}
        cme = {(ResultKind.CME, code): failure for code, failure in self.cme.items()}
        return cms | cme


class Ussd(Section):
    """``[ussd]``: asking the network's menus."""

    forms: tuple[UssdForm, ...] = (UssdForm.TEXT, UssdForm.PACKED, UssdForm.UCS2)
    """In the order in which they are tried; what worked is remembered by IMEI."""
    mode: Command | None = None
    """Written before the first request, such as ``AT^USSDMODE=0`` (MODEMS.md 7.2)."""
    ends: bool = True
    """AT+CUSD=2 closes a session; some modems hang at it (MODEMS.md 7.5)."""


class Resets(Section):
    """``[resets]``: the commands of the recovery ladder (MODEMS.md section 9)."""

    radio: tuple[Command, ...] = ("AT+CFUN=0", "AT+CFUN=1")
    """Radio off and on; the port stays."""
    restart: tuple[Command, ...] = ("AT+CFUN=1,1",)
    """The whole stick; the port goes. Tried in this order until one is taken."""


class Profile(Section):
    """One kind of stick."""

    name: str
    """For people, such as ``Huawei E173``."""
    match: Match = Match()
    ports: Ports = Ports()
    start: Start = Start()
    ladders: Ladders = Ladders()
    habits: Habits = Habits()
    codes: Codes = Codes()
    ussd: Ussd = Ussd()
    resets: Resets = Resets()
