"""May a line send what is in a lane? Its routes and its bars say so. Pure."""

from __future__ import annotations

from enum import IntEnum, auto

from gateway.domain.lane import Lane
from gateway.domain.line_state import LineState
from gateway.domain.purpose import Purpose
from gateway.domain.terms import Bar


class Serves(IntEnum):
    """How much of a lane a line may send; the least first."""

    NONE = auto()
    SOME = auto()
    """It depends on the recipient, of whom the lane says too little."""
    ALL = auto()


def serves(state: LineState, lane: Lane, *, held: bool = False) -> Serves:
    """Tell how much of a lane a line may send.

    Args:
        state: the line.
        lane: the lane.
        held: what of it is held for this line, among which our own answers may be: no bar is
            about them (K-7).
    """
    if not (state.routes or state.bars):
        return Serves.ALL
    answers = held and lane.urgency == Purpose.OTP.urgency
    beside = (_beside(bar, lane, answers=answers) for bar in state.bars)
    return min([_routed(state.routes, lane), *beside])


def _routed(routes: tuple[str, ...], lane: Lane) -> Serves:
    if not routes or any(lane.destination.startswith(route) for route in routes):
        return Serves.ALL
    longer = any(route.startswith(lane.destination) for route in routes)
    return Serves.SOME if longer else Serves.NONE


def _beside(bar: Bar, lane: Lane, *, answers: bool) -> Serves:
    """Return what a bar leaves of a lane."""
    if (lane.urgency == Purpose.MARKETING.urgency) is not bar.marketing:
        return Serves.ALL
    inside = _within(bar, lane)
    if inside is Serves.NONE:
        return Serves.ALL
    return Serves.SOME if inside is Serves.SOME or answers else Serves.NONE


def _within(bar: Bar, lane: Lane) -> Serves:
    """Tell how much of a lane is to those whom a bar is about."""
    start = bar.to.start
    if start is None:
        return Serves.ALL
    if lane.destination.startswith(start):
        return Serves.NONE if bar.to.others else Serves.ALL
    if start.startswith(lane.destination):
        return Serves.SOME
    return Serves.ALL if bar.to.others else Serves.NONE
