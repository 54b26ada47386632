"""Which modem holds which line: the newest that told of it, for as long as it is there.

A SIM that is moved to another stick is in two modems until the first one's loss is noticed, and two
sticks may claim one SIM for good. Only one of them hands over: the line has one pace and one count.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict

import structlog

from gateway.domain.ids import LineId, ModemName

log = structlog.get_logger(__name__)


class Tenure:
    """One modem's claim on a line.

    Attributes:
        held: set while the line is its own.
        yielded: set while a newer modem has the line.
    """

    def __init__(self, line: LineId, modem: ModemName) -> None:
        self.line = line
        self.modem = modem
        self.held = asyncio.Event()
        self.yielded = asyncio.Event()

    def hold(self) -> None:
        """Have the line."""
        self.yielded.clear()
        self.held.set()

    def give_way(self) -> None:
        """Have it no more, for now."""
        self.held.clear()
        self.yielded.set()


class Holders:
    """The claims on every line, the newest last."""

    def __init__(self) -> None:
        self._tenures: dict[LineId, list[Tenure]] = defaultdict(list)
        self._last: dict[LineId, ModemName] = {}

    def take(self, line: LineId, modem: ModemName) -> Tenure:
        """Give a line to a modem; one that has it gives way."""
        tenures, tenure = self._tenures[line], Tenure(line, modem)
        if tenures:
            log.warning("sim_in_two_modems", line=line, older=tenures[-1].modem, newer=modem)
            tenures[-1].give_way()
        tenures.append(tenure)
        self._hold(tenure)
        return tenure

    def leave(self, tenure: Tenure) -> None:
        """End a claim; a modem that gave way gets the line back."""
        tenures = self._tenures[tenure.line]
        tenures.remove(tenure)
        if not tenures:
            del self._tenures[tenure.line]
        elif tenure.held.is_set():
            self._hold(tenures[-1])

    def modem(self, line: LineId) -> ModemName | None:
        """Return who holds a line, or held it last."""
        return self._last.get(line)

    def _hold(self, tenure: Tenure) -> None:
        self._last[tenure.line] = tenure.modem
        tenure.hold()
