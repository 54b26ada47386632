"""The play itself: lines ask one after the other, as they become free, and are given what is next.

Far from its start it takes many messages for one, `GRAIN` of the time that was played at most, so
that a million of them take no longer than some thousands do, and the end is off by no more.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from gateway.dispatch.desk.fairness import Fairness, Flow
from gateway.dispatch.forecast.crowd import Crowd, Hours
from gateway.dispatch.forecast.outcome import Played
from gateway.dispatch.forecast.runner import Runner
from gateway.dispatch.forecast.shelves import Shelves
from gateway.dispatch.pacing import Passage, SharedPace
from gateway.dispatch.router import Router, Waiting
from gateway.dispatch.serving import Serves, serves
from gateway.domain.line_state import LineState

GRAIN: Final = 0.02
"""Of the time played so far: what a line does in one step, at most."""

HORIZON: Final = 60 * 86_400.0
"""Seconds that are played at most."""

LOOK_AGAIN: Final = 60.0
"""Seconds after which a line looks again that leaves what there is to a better one."""

_NAP: Final = 300.0
"""Seconds after which a line looks again anyway: another one may have put something off."""

_SLOT: Final = 60.0
"""Seconds for which an answer about hours holds: they begin and end on full minutes."""


def play(
    crowds: Iterable[Crowd],
    runners: Sequence[Runner],
    *,
    router: Router,
    shared: SharedPace,
    began: datetime,
) -> Played:
    """Return what comes of all that waits, until the last of what is asked about has gone.

    Args:
        crowds: what waits; they are used up.
        runners: the lines at work; their budgets are used up.
        router: chooses among them.
        shared: what they share, as it stands; it is not changed.
        began: the instant at second 0; aware.
    """
    return _Play(list(crowds), runners, router, shared.copy(), began).run()


class _Play:
    def __init__(
        self,
        crowds: list[Crowd],
        runners: Sequence[Runner],
        router: Router,
        shared: SharedPace,
        began: datetime,
    ) -> None:
        self._runners = runners
        self._router = router
        self._shared = shared
        self._began = began
        self._asked = sum(crowd.messages for crowd in crowds if crowd.asked)
        self._ahead = 0
        self._shelves = Shelves(crowds, self._expire)
        self._fairness: dict[int, Fairness] = {}
        self._fleet = {runner.state.line: runner.state for runner in runners}
        self._openings: dict[tuple[Hours, int], float] = {}
        self._wait = math.inf
        self._moved = False
        self._played = Played()

    def run(self) -> Played:
        free = [(max(0.0, one.state.free_at), place) for place, one in enumerate(self._runners)]
        heapq.heapify(free)
        while free and self._asked:
            now, place = heapq.heappop(free)
            if now > HORIZON:
                break
            self._shelves.advance(now)
            heapq.heappush(free, (self._step(place, now), place))
        self._played.left = sum(crowd.messages for crowd in self._shelves.rest() if crowd.asked)
        return self._played

    def _step(self, place: int, now: float) -> float:
        """Let a line do what is next for it; return when it is free again."""
        runner, self._wait = self._runners[place], math.inf
        state = self._fleet[runner.state.line] = replace(runner.state, free_at=now, backlog=0)
        while (crowd := self._next(runner, now)) is None and self._moved:
            pass  # behind what has other hours there may be what has not
        if crowd is None:
            return self._wake(now)
        messages = self._how_many(crowd, runner, now)
        self._take(crowd, messages, runner, now)
        until = now + messages * crowd.parts * runner.seconds
        self._fleet[state.line] = replace(state, free_at=until, backlog=crowd.parts)
        return until

    def _wake(self, now: float) -> float:
        """Return when a line that found nothing looks again."""
        coming = self._shelves.next_at
        soonest = min(self._wait, math.inf if coming is None else coming)
        return min(max(now + 1e-3, soonest), now + _NAP)

    def _next(self, runner: Runner, now: float) -> Crowd | None:
        """Return what a line does next: the most urgent; of it, the flow whose turn it is."""
        self._moved = False
        stock: dict[int, dict[Flow, list[Crowd]]] = {}
        for lane, crowd in self._shelves.stocked(runner.state.line, now):
            flows = stock.setdefault(lane.urgency, {})
            flows.setdefault(Flow(lane.store, lane.campaign), []).append(crowd)
        for urgency in sorted(stock):
            found = self._of_urgency(urgency, stock[urgency], runner, now)
            if found is not None:
                return found
        return None

    def _of_urgency(
        self, urgency: int, flows: dict[Flow, list[Crowd]], runner: Runner, now: float
    ) -> Crowd | None:
        renewed_at = runner.renewed_at(self._at(now), urgency)
        if renewed_at is not None:
            self._wait = min(self._wait, (renewed_at - self._began).total_seconds())
            return None
        fairness = self._fairness.setdefault(urgency, Fairness())
        fairness.attend(flows)
        while flows:
            flow = fairness.next(flows)
            may = [crowd for crowd in flows.pop(flow) if self._may(crowd, runner, now)]
            if may:
                return min(may, key=lambda crowd: crowd.expires_at)
        return None

    def _may(self, crowd: Crowd, runner: Runner, now: float) -> bool:
        """Tell whether a line may send the next of a crowd now; put off what has other hours."""
        opening = self._opening(crowd.hours, now)
        if opening > now:
            self._shelves.remove(crowd)
            self._shelves.put_off(crowd, opening)
            self._moved = True
            return False
        left = runner.left(self._at(now)).of(crowd.lane.urgency)
        if left is not None and left < crowd.parts:
            self._wait = min(self._wait, now + LOOK_AGAIN)
            return False
        passage = Passage.of(crowd.lane, runner.operator)
        wait = self._shared.wait(passage, now, crowd.parts)
        self._wait = min(self._wait, now + wait) if wait > 0 else self._wait
        return wait <= 0 and self._takes(crowd, self._fleet[runner.state.line], now)

    def _takes(self, crowd: Crowd, state: LineState, now: float) -> bool:
        if crowd.held_for is not None:
            return True
        lane, waiting = crowd.lane, self._shelves.messages(crowd.lane)
        if state.pinned or serves(state, lane) is Serves.NONE:
            return False
        known = Waiting(left=crowd.expires_at - now, deeper=lambda others: waiting > others)
        if self._router.takers(lane, [state], tuple(self._fleet.values()), now, known):
            return True
        self._wait = min(self._wait, now + LOOK_AGAIN)
        return False

    def _how_many(self, crowd: Crowd, runner: Runner, now: float) -> int:
        """Return how many messages a line takes in one step."""
        most = max(1, int(GRAIN * now / (crowd.parts * runner.seconds)))
        left = runner.left(self._at(now)).of(crowd.lane.urgency)
        if left is not None:
            most = min(most, left // crowd.parts)
        return min(most, crowd.messages)

    def _take(self, crowd: Crowd, messages: int, runner: Runner, now: float) -> None:
        lane, parts = crowd.lane, messages * crowd.parts
        self._fairness[lane.urgency].charge(Flow(lane.store, lane.campaign), parts)
        self._shared.take(Passage.of(lane, runner.operator), now, parts)
        runner.spend(messages, crowd.parts, self._at(now))
        crowd.messages -= messages
        if crowd.asked:
            self._note(crowd, messages, runner, now)
        else:
            self._ahead += parts

    def _note(self, crowd: Crowd, messages: int, runner: Runner, now: float) -> None:
        played, parts = self._played, messages * crowd.parts
        self._asked -= messages
        price = runner.state.tariff.price(crowd.lane.destination)
        played.count(runner.state.line, messages, crowd.parts, price)
        last = now + (parts - 1) * runner.seconds
        played.first_at = now if played.first_at is None else min(played.first_at, now)
        played.last_at = last if played.last_at is None else max(played.last_at, last)
        played.ahead = self._ahead

    def _expire(self, crowd: Crowd) -> None:
        if crowd.asked:
            self._played.expired += crowd.messages
            self._asked -= crowd.messages

    def _opening(self, hours: Hours | None, now: float) -> float:
        """Return the first second from now on at which persons may be written to."""
        if hours is None:
            return now
        slot = (hours, int(now // _SLOT))
        if slot not in self._openings:
            opening = hours.opening(self._at(now))
            seconds = math.inf if opening is None else (opening - self._began).total_seconds()
            self._openings[slot] = seconds
        return max(now, self._openings[slot])

    def _at(self, now: float) -> datetime:
        return self._began + timedelta(seconds=now)
