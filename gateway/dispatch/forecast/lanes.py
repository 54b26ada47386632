"""The lanes of a play: those of the queue, and those that it would get."""

from __future__ import annotations

from itertools import count

from gateway.dispatch.forecast.question import Question
from gateway.domain.destination import Destinations
from gateway.domain.ids import LaneKey
from gateway.domain.lane import Lane


class Lanes:
    """Finds the lane of a message; one that there is not yet gets a key below zero."""

    def __init__(self, destinations: Destinations) -> None:
        self._destinations = destinations
        self._known: dict[tuple[int, str, str, str, str], Lane] = {}
        self._keys = count(-1, -1)

    def learn(self, lane: Lane) -> None:
        """Take note of a lane of the queue."""
        self._known[_name(lane)] = lane

    def of(self, question: Question, recipient: str) -> Lane:
        """Return the lane of a message to a recipient (E.164)."""
        wanted = Lane(
            key=LaneKey(next(self._keys)),
            urgency=question.purpose.urgency,
            store=question.store,
            campaign=question.campaign,
            destination=self._destinations.of(recipient),
            network=self._destinations.plan.network_of(recipient),
        )
        return self._known.setdefault(_name(wanted), wanted)


def _name(lane: Lane) -> tuple[int, str, str, str, str]:
    return lane.urgency, lane.store, lane.campaign, lane.destination, lane.network
