"""What leaves the modem: lines as octets, and everything that can spoil them on the way.

Clauses: V.250, 5.7.1 (formats of responses). This knows no command and no message.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from hardware.simulator.faults import FaultName, Faults
from hardware.simulator.personality import Wire
from hardware.simulator.timers import Timers

_NOISE = (
    "^RSSI: 17",
    '^HCSQ: "LTE",46,39,99,20',
    "^MODE: 5,4",
    "^BOOT: 20952548,0,0,0,6",
    "^DSFLOWRPT: 00000E10,00000000,00000000,0000000000000000,0000000000000000,0003E800,0003E800",
    "+ZUSIMR:2",
    "+ZPASR: UMTS",
    "+CIEV: 1,4",
    "+CREG: 1",
    '*EBCA: "20.4","-71"',
    "UNDER-VOLTAGE WARNNING",
    "RING",
)
"""Unsolicited lines seen on real sticks (MODEMS.md, 1.5 and 1.6)."""

_GARBAGE = 64
"""Octets, unless the fault says otherwise."""

_FLOOD = 4096
"""NULs, unless the fault says otherwise."""

_ROUTED_LINES = 2
"""Of what is routed: a header and a PDU."""

_KEPT = 2.0
"""Seconds for which something is kept for the next answer."""

_APART = 0.05
"""Seconds between these two, unless the fault says otherwise."""

_TRICKLE = 0.001
"""Seconds between octets, unless the fault says otherwise."""

_NUMERIC = {"OK": "0", "ERROR": "4"}
"""Result codes of ATV0; codes of +CME and +CMS stay words."""


class Outlet:
    """Formats what the modem says and hands the octets to the wire."""

    def __init__(
        self, *, faults: Faults, timers: Timers, forms: Wire, wire: Callable[[bytes], None]
    ) -> None:
        self._faults = faults
        self._forms = forms
        self._timers = timers
        self._wire = wire
        self._trickle = bytearray()
        self._held: list[tuple[str, ...]] = []
        """What is kept for the next answer."""
        self._behind: list[str] | None = None
        """What waits until two halves are out; none: there are no halves."""

    def echo(self, octets: bytes, *, last: bool = False) -> None:
        """Give back what the host wrote; ``last``: it is what ends the echo."""
        form = self._forms.last_echo if last else self._forms.echo
        octets = form.format(octets.decode("latin-1")).encode("latin-1")
        twice = self._faults.strike(FaultName.DOUBLE_ECHO)
        self._send(octets * 2 if twice else octets)

    def answer(self, lines: tuple[str, ...], final: str, *, verbose: bool) -> None:
        """The lines of an answer and its final result; either may be empty."""
        self._garbage()
        information = [self._noise(), *(self._noisy(line) for line in lines)]
        result = self._result(final, verbose=verbose) if final else ""
        if self._held and final:
            self._split("".join(information), result)
        else:
            self._send_text("".join(information) + result)

    def _release(self) -> None:
        """No answer came in which it could have been hidden."""
        if self._held:
            self._split("", "")

    def _result(self, final: str, *, verbose: bool) -> str:
        whole = self._forms.final.format(final)
        return (whole if verbose else f"{_NUMERIC.get(final, final)}\r") + self._noise()

    def _split(self, information: str, result: str) -> None:
        """An answer with what was kept for it: the last line comes with the result, later."""
        *headers, last = (line for lines in self._held for line in lines)
        fault = self._faults.strike(FaultName.SPLIT_URC)
        self._held.clear()
        begin, _, end = self._forms.unsolicited.partition("{}")
        self._send_text(information + begin + "\r\n".join(headers) + end)
        self._behind = []
        pause = fault.number(_APART) if fault else _APART
        self._timers.call_later(pause, partial(self._send_rest, f"{last}{end}{result}"))

    def _send_rest(self, rest: str) -> None:
        behind, self._behind = self._behind or [], None
        for text in (rest, *behind):
            self._send_text(text)

    def unsolicited(self, *lines: str) -> None:
        """Lines that no command asked for."""
        if len(lines) == _ROUTED_LINES and self._faults.peek(FaultName.SPLIT_URC):
            self._held.append(lines)
            self._timers.call_later(_KEPT, self._release)
            return
        self._send_text(self._forms.unsolicited.format("\r\n".join(lines)))

    def prompt(self) -> None:
        """Ask for a PDU (27.005, 3.5.1: CR LF, greater-than, blank)."""
        bare = self._faults.strike(FaultName.BARE_PROMPT)
        self._send_text(self._noise() + ("\r\n>\r\n" if bare else self._forms.prompt))

    def _noisy(self, line: str) -> str:
        return self._forms.information.format(line) + self._noise()

    def _noise(self) -> str:
        if self._faults.strike(FaultName.NOISE):
            return self._forms.unsolicited.format(self._faults.random.choice(_NOISE))
        return ""

    def _garbage(self) -> None:
        if flood := self._faults.strike(FaultName.NUL_FLOOD):
            self._send(b"\x00" * flood.code(_FLOOD))
        if fault := self._faults.strike(FaultName.GARBAGE):
            octets = self._faults.random.randbytes(fault.code(_GARBAGE))
            self._send(b"\r\n" + octets.replace(b">", b"\x00") + b"\x00" * len(octets) + b"\r\n")

    def _send_text(self, text: str) -> None:
        if self._behind is not None:
            self._behind.append(text)
            return
        if self._faults.strike(FaultName.LF_ONLY):
            text = text.replace("\r\n", "\n")
        self._send(text.encode("latin-1", "replace"))

    def _send(self, octets: bytes) -> None:
        fault = self._faults.strike(FaultName.TRICKLE)
        if not fault and not self._trickle:
            self._wire(octets)
            return
        idle = not self._trickle
        self._trickle += octets
        if idle:
            self._drip(fault.number(_TRICKLE) if fault else _TRICKLE)

    def _drip(self, pause: float) -> None:
        self._wire(bytes(self._trickle[:1]))
        del self._trickle[:1]
        if self._trickle:
            self._timers.call_later(pause, partial(self._drip, pause))
