"""How a stick starts, restarts and finds its network (MODEMS.md section 5)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """From power-on to the first message; all times in seconds."""

    boot: float = 0.0
    """Without any answer."""
    says: tuple[str, ...] = ("RDY", "+CPIN: {lock}", "SMS Ready")
    """When it answers; ``{lock}`` is READY or SIM PIN."""
    settles: float = 0.0
    """After boot, PIN or +CFUN=1, in which some commands come too early."""
    too_early: str = "+CME ERROR: 14"
    """What these answer."""
    too_early_for: tuple[str, ...] = ("+CPMS", "+CSCA", "+CMGL", "+CMGR", "+CMGS")
    settled: tuple[str, ...] = ()
    """What it says when it has settled."""
    function: int = 1
    """+CFUN after power-on."""
    functions: tuple[int, ...] = (0, 1, 4)
    """Levels that it takes."""
    locked_allows: tuple[str, ...] = ()
    """Commands that work before the PIN; none: all that need no SIM."""
    resets: tuple[str, ...] = ("+CFUN=0,1", "+CFUN=1,1", "+CFUN=4,1")
    """Commands that restart it."""
    away: float = 0.0
    """Off the bus by a reset, and then under another name; zero: it stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Registration (MODEMS.md 5.7, 5.8)."""

    registers: tuple[str, ...] = ("+CREG", "+CGREG")
    """Of +CREG, +CGREG, +CEREG those that say that it is registered."""
    location: str = ',"00C8","0001A2B3"'
    """Area and cell, with what its make adds."""
    always_located: bool = False
    """The location is shown unasked."""
