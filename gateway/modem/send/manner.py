"""How one modem is to be handed messages: what its profile says, and what its refusals teach.

Belongs to one connection and is asked before each submit.
"""

from __future__ import annotations

from typing import Final

import structlog

from gateway.domain.failures import LOST_CHARACTERS, VendorCodes, is_cms
from gateway.domain.results import FinalResult
from gateway.modem.known.profile import Profile

log = structlog.get_logger(__name__)

SLOW_PIECE: Final = 18
"""Characters; what Kannel found to suit UARTs without a handshake."""

SLOW_PAUSE: Final = 0.02
"""Seconds: a whole PDU then takes less than half a second more."""


class Manner:
    """The manner of one modem.

    Attributes:
        codes: what its vendor means by a code.
        patience: seconds from Ctrl-Z until an outcome counts as unknown.
        piece: characters of a PDU that are written at once; 0: all.
        pause: seconds between two pieces.
    """

    def __init__(self, profile: Profile, *, patience: float) -> None:
        self.codes: VendorCodes = profile.codes.table
        self.patience = patience
        self.piece = profile.habits.piece
        self.pause = profile.habits.piece_pause
        self._usual = (self.piece, self.pause)
        self._proven = False

    @property
    def slow(self) -> bool:
        """Whether it is written to more slowly than its profile says."""
        return (self.piece, self.pause) != self._usual

    def refused(self, result: FinalResult | None) -> None:
        """Write slowly after a PDU that was not understood, unless that did not help before."""
        if not is_cms(result, LOST_CHARACTERS) or self._proven:
            return
        if self.slow:
            self.piece, self.pause = self._usual
        else:
            log.info("pdus_written_slowly", result=str(result))
            self.piece, self.pause = SLOW_PIECE, SLOW_PAUSE

    def worked(self) -> None:
        """Keep what helped."""
        self._proven = self.slow
