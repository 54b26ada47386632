"""Which of the lines that ask takes what a lane holds. Pure.

The healthy before the others, of these the cheap before the dear, and of equals the one that will
be done first. A line that is worse than another waits while the better ones will be done in time:
before the lane's deadline, and before whoever waits for the messages loses patience.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, TypeAlias

from gateway.dispatch.router import SOMETHING, Waiting
from gateway.dispatch.routing.eligible import StoreTags, eligible
from gateway.dispatch.routing.health import HEALTHY
from gateway.dispatch.routing.load import capacity, done
from gateway.dispatch.serving import Serves
from gateway.domain.ids import LineId
from gateway.domain.lane import Lane
from gateway.domain.line_state import LineState
from gateway.domain.purpose import Purpose

PATIENCE: Final[Mapping[int, float]] = {
    Purpose.OTP.urgency: 10.0,
    Purpose.TRANSACTIONAL.urgency: 120.0,
    Purpose.MARKETING.urgency: 7200.0,
}
"""Seconds that what waits may take on the better lines before a worse one helps, by urgency: a
person stands at a login; who ordered looks at the phone; a campaign has the afternoon."""

SLACK: Final = 1.5
"""What is left to a deadline is taken for so many times shorter: the better lines may be slower
than their rate, and have others to serve."""

_Grade: TypeAlias = tuple[bool, Decimal]
"""Whether a line is unhealthy, and its price: the lower, the better."""

_BEST: Final[_Grade] = (False, Decimal(0))
"""None is better: where all lines are well and nothing has a price, nobody has to look."""

_Graded: TypeAlias = tuple[_Grade, LineState]


@dataclass(slots=True)
class CostRouter:
    """Chooses by health, price and load; fills the port `gateway.dispatch.router.Router`.

    Attributes:
        tags: of the stores whose jobs go out on some lines only; replaced as a whole.
    """

    tags: StoreTags = field(default_factory=dict)

    def takers(
        self,
        lane: Lane,
        asking: Sequence[LineState],
        fleet: Sequence[LineState],
        now: float,
        waiting: Waiting = SOMETHING,
    ) -> list[LineId]:
        """Return the lines that take from a lane, the best first; see the port."""
        able = [
            (_grade(line, lane), line)
            for line in asking
            if self.serves(line, lane) is not Serves.NONE
        ]
        if not able:
            return []
        worst = max(grade for grade, _ in able)
        better = list(self._better(worst, lane, fleet)) if worst > _BEST else []
        if better:
            grades = {grade for grade, _ in able}
            needed = {one: _is_needed(one, better, lane, waiting, now) for one in grades}
            able = [one for one in able if needed[one[0]]]
        able.sort(key=lambda one: (one[0], done(one[1], now)))
        return [line.line for _, line in able]

    def _better(self, worst: _Grade, lane: Lane, fleet: Sequence[LineState]) -> Iterator[_Graded]:
        """Give the lines of a better grade that may send all that a lane holds, and can."""
        for line in fleet:
            if line.pinned or line.resting:
                continue
            grade = _grade(line, lane)
            if grade < worst and self.serves(line, lane) is Serves.ALL:
                yield grade, line

    def serves(self, line: LineState, lane: Lane) -> Serves:
        """Tell how much of a lane a line may send."""
        return eligible(line, lane, self.tags)


def _grade(line: LineState, lane: Lane) -> _Grade:
    return line.health < HEALTHY, line.tariff.price(lane.destination)


def _is_needed(
    grade: _Grade, others: Sequence[_Graded], lane: Lane, waiting: Waiting, now: float
) -> bool:
    """Tell whether a line of this grade has to help for the lane to be done in time."""
    better = [line for other, line in others if other < grade]
    if not better:
        return True
    limit = min(PATIENCE[lane.urgency], waiting.left / SLACK)
    return waiting.deeper(int(sum(capacity(line, now, limit) for line in better)))
