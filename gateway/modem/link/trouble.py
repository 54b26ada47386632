"""Why a connection ended, as far as it matters to what is done next."""

from __future__ import annotations

from enum import StrEnum


class Trouble(StrEnum):
    """Why a connection ended."""

    AWAY = "away"
    """Unplugged, restarted by itself, or in somebody else's hands: only its return helps."""
    UNOPENED = "unopened"
    """The port is there and cannot be opened."""
    VANISHED = "vanished"
    """The port did not return after a restart."""
    SILENT = "silent"
    """The modem does not answer."""
    REFUSING = "refusing"
    """It refuses one message after the other for a fault of its own."""
    START = "start"
    """It answers, and its start sequence fails."""
    NO_NETWORK = "no_network"
    """It finds none, and its radio was turned off and on already
    (`gateway.modem.start.network`)."""
