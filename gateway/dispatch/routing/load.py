"""How much lines will send in a while. Pure; seconds from now."""

from __future__ import annotations

from typing import Final

from gateway.domain.line_state import LineState

UNPACED: Final = 1 / 3
"""Parts a second of a line without a rate: a stick takes some three seconds for one (MODEMS.md)."""

WORST: Final = 0.05
"""A line's pace is never reckoned below this share of its rate: it is at work, and of some use."""

FIT: Final = 0.7
"""The health from which on a line is reckoned with its whole rate. A new one has it, so that the
lines that are alike share what there is, and none is preferred for having sent the most."""


def pace(line: LineState) -> float:
    """Return the parts a second that a line may be trusted with: what fails is sent again."""
    rate = UNPACED if line.per_second is None else line.per_second
    return rate * min(1.0, max(line.health, WORST) / FIT)


def busy(line: LineState, now: float) -> float:
    """Return the seconds until a line is free."""
    return max(0.0, line.free_at - now)


def done(line: LineState, now: float) -> float:
    """Return the seconds after which a line will have sent one part more."""
    return busy(line, now) + 1 / pace(line)


def capacity(line: LineState, now: float, seconds: float) -> float:
    """Return the parts that a line sends, beside what it is at, within some seconds."""
    return pace(line) * max(0.0, seconds - busy(line, now))
