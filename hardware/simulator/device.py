"""What a modem remembers: who it is, what the host has set, what is stored.

State only; what a command does to it stands in `commands`, and the wire is `modem`'s.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from hardware.simulator.errors import CmeError, CmsError
from hardware.simulator.faults import FaultName, Faults
from hardware.simulator.network import Line
from hardware.simulator.personality import Personality
from hardware.simulator.settings import ModemSettings
from hardware.simulator.sim import SMSC, Identity
from hardware.simulator.storage import Memory

SIM_NOT_INSERTED = 10
SIM_PIN_REQUIRED = 11
SIM_PUK_REQUIRED = 12
INCORRECT_PASSWORD = 16
"""+CME ERROR (27.007, 9.2.1)."""

CMS_SIM_NOT_INSERTED = 310
CMS_SIM_PIN_REQUIRED = 311
NO_NETWORK_SERVICE = 331
"""+CMS ERROR (27.005, 3.2.5)."""

_REGISTERED = frozenset({1, 5, 6, 7, 9, 10})
"""``stat`` values with which messages can be sent (27.007, 7.2)."""

_NOT_SEARCHING, _SEARCHING, _DENIED = 0, 2, 3

_FULL_FUNCTION = 1

REPORT_MEMORY = "SR"
"""Holds status reports alone (27.005, 3.2.2)."""


@dataclass(slots=True)
class Terminal:
    """What the host has set; all of it is forgotten when the power goes."""

    echo: bool = True
    verbose: bool = True
    errors: int = 0
    """+CMEE: 0 ERROR, 1 numbers, 2 words."""
    charset: str = "GSM"
    text: bool = False
    """Whether stored messages are shown as in text mode."""
    service: int = 0
    """+CSMS: 1 asks for an acknowledgement (+CNMA) of each routed message."""
    unacknowledged: int = 0
    """Which routed message waits for +CNMA, counted from 1; zero: none does."""
    memories: list[str] = field(default_factory=lambda: ["SM", "SM", "SM"])
    notify: tuple[int, ...] = (0, 0, 0, 0, 0)
    """+CNMI: mode, mt, bm, ds, bfr (27.005, 3.4.1)."""
    function: int = _FULL_FUNCTION
    """+CFUN."""
    registration: dict[str, int] = field(default_factory=dict)
    """+CREG, +CGREG, +CEREG: what the host wants to be told."""
    operator_format: int = 0
    """+COPS: 0 name, 2 number."""
    ussd_way: str = ""
    """How far the host is in the network's menus; empty: no session is open."""
    ussd_mode: bool = False
    """^USSDMODE=0 was said."""

    @property
    def buffering(self) -> bool:
        """Whether unsolicited results wait until the host switches them on."""
        return self.notify[0] == 0

    @property
    def report_route(self) -> int:
        """``ds``: 0 none, 1 routed, 2 stored."""
        return self.notify[3]

    @property
    def message_route(self) -> int:
        """``mt``: 0 silent, 1 stored and announced, 2 routed."""
        return self.notify[1]


@dataclass(slots=True)
class Device:
    """One stick with its SIM."""

    identity: Identity
    line: Line
    faults: Faults
    settings: ModemSettings
    personality: Personality = field(default_factory=Personality)
    terminal: Terminal = field(default_factory=Terminal)
    memories: dict[str, Memory] = field(default_factory=dict)
    smsc: str = SMSC
    pin_given: bool = False
    pin_tries: int = 3
    settled: bool = True
    """Whether the SIM is up, some seconds after boot, PIN or +CFUN=1."""
    adrift: bool = False
    """Whether the network is lost for a moment."""
    quieted: bool = False
    """Whether the host has stopped the vendor's noise."""
    uncounted: set[str] = field(default_factory=set)
    """Memories whose count does not yet know of what just came."""

    def __post_init__(self) -> None:
        storage = self.personality.storage
        for name, slots in storage.slots.items():
            told = self.settings.report_slots if name == REPORT_MEMORY else self.settings.slots
            self.memories[name] = Memory(slots if told is None else told, storage.first)
        self.terminal = self._fresh_terminal()

    def _fresh_terminal(self) -> Terminal:
        stick = self.personality
        return Terminal(
            errors=stick.results.level,
            service=stick.service.level,
            memories=list(stick.storage.selected),
            function=stick.power.function,
        )

    def lose_power(self) -> None:
        """Forget what the host has set; what is stored stays."""
        self.terminal = self._fresh_terminal()
        self.pin_given = self.quieted = False
        self.settled = True
        self.uncounted.clear()

    @property
    def boot(self) -> float:
        """Seconds from power-on to the first answer."""
        return max(self.settings.boot, self.personality.power.boot)

    @property
    def locked(self) -> bool:
        """Whether the SIM waits for its PIN."""
        return self.settings.pin is not None and not self.pin_given

    @property
    def registration(self) -> int:
        """``stat`` of +CREG now."""
        if self.terminal.function != _FULL_FUNCTION or self.faults.peek(FaultName.NO_SIM):
            return _NOT_SEARCHING
        if self.adrift or self.faults.peek(FaultName.REGISTRATION_LOST):
            return _SEARCHING
        if self.faults.peek(FaultName.REGISTRATION_DENIED):
            return _DENIED
        return self.settings.registration

    def require_sim(self) -> None:
        """Refuse what needs the SIM when it is missing or locked.

        Raises:
            CmeError: 10, 11 or 12.
        """
        if self.faults.peek(FaultName.NO_SIM):
            raise CmeError(SIM_NOT_INSERTED)
        if not self.pin_tries:
            raise CmeError(SIM_PUK_REQUIRED)
        if self.locked:
            raise CmeError(SIM_PIN_REQUIRED)

    def require_message_service(self) -> None:
        """Refuse what needs the message service of the SIM.

        Raises:
            CmsError: 310 or 311.
        """
        try:
            self.require_sim()
        except CmeError as error:
            missing = error.code == SIM_NOT_INSERTED
            raise CmsError(CMS_SIM_NOT_INSERTED if missing else CMS_SIM_PIN_REQUIRED) from None

    def require_network(self) -> None:
        """Refuse to send while not registered.

        Raises:
            CmsError: 331.
        """
        if self.registration not in _REGISTERED:
            raise CmsError(NO_NETWORK_SERVICE)

    def memory_name(self, name: str) -> str:
        """The memory that a name means."""
        return self.personality.storage.aliases.get(name, name)

    def has_memory(self, name: str) -> bool:
        """Whether there is one of this name."""
        return self.memory_name(name) in self.memories

    def used(self, name: str) -> int:
        """How many slots a memory says hold something."""
        hidden = name == REPORT_MEMORY and not self.personality.reports.readable
        if hidden or name in self.uncounted:
            return 0
        memory = self.memories[name]
        return memory.slots if self.memory_full(name) else memory.used

    def memory_full(self, name: str) -> bool:
        """Whether nothing more goes into a memory, for its slots or for a fault."""
        return self.faults.peek(FaultName.STORAGE_FULL) or self.memories[name].full
