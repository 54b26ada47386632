"""The recovery ladder: what is done next about a modem that failed (MODEMS.md section 9). Pure.

Rungs 1 and 2 are the link's own (`gateway.modem.link.link.Link.synchronise`), 3 and 4 are what
every new connection does, 5 to 7 are carried out by `gateway.modem.recover.resets`. A rung has
worked when the modem was brought up after it, which proves AT, SIM and network. A modem that fails
again before it was healthy for a while goes on where it stood instead of at the bottom.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from gateway.domain.backoff import Backoff
from gateway.modem.link.trouble import Trouble
from gateway.modem.rung import Rung

_HELPS: Final[Mapping[Trouble, tuple[Rung, ...]]] = {
    Trouble.AWAY: (Rung.INIT,),
    Trouble.UNOPENED: (Rung.INIT, Rung.POWER),
    Trouble.VANISHED: (Rung.POWER,),
    Trouble.SILENT: (Rung.INIT, Rung.RADIO, Rung.RESTART, Rung.POWER),
    Trouble.REFUSING: (Rung.INIT, Rung.RADIO, Rung.RESTART, Rung.POWER),
    Trouble.START: (Rung.INIT, Rung.RADIO, Rung.RESTART, Rung.POWER),
    Trouble.NO_NETWORK: (Rung.RESTART, Rung.POWER),
}

RESETS: Final = frozenset({Rung.RESTART, Rung.POWER})
"""Rungs that take the port away."""

RESETS_PER_HOUR: Final = 3
"""A stick that needs more is not healed by them, and a SIM that registers too often is barred."""

_NOT_BACK: Final = frozenset({Trouble.AWAY, Trouble.UNOPENED})
"""A stick that was restarted may go through these before it is there again."""

OPENINGS: Final = 8
"""Failures to open a port, some two minutes of them, before anything else is tried: a stick that
switches its mode, and udev at its work, are through by then (MODEMS.md 6.4)."""

HOUR: Final = 3600.0

FIRST_PAUSE: Final = 0.2
"""Seconds; a stick that was only re-plugged is back in service within one."""

LONGEST_PAUSE: Final = 60.0
"""Seconds; a modem that was repaired is noticed within this."""

LEAST: Final[Mapping[Rung, float]] = {Rung.RADIO: 2.0, Rung.RESTART: 5.0, Rung.POWER: 15.0}
"""Seconds that at least pass before a rung: networks notice who comes and goes."""

STEADY: Final = 30.0
"""Seconds in service after which pauses are short again."""

HEALTHY: Final = 600.0
"""Seconds in service after which a failure counts as the first again."""

RETURN: Final = 120.0
"""Seconds in which a stick that was restarted has to be on its bus again; the slowest take 60."""

PROOF: Final = 300.0
"""Seconds from a rung to its proof of life: boot, SIM and the search for a network."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What decides about the next rung."""

    trouble: Trouble
    failures: int = 1
    """In a row, this one among them, since the modem was last in service for a while."""
    last: Rung | None = None
    """The highest that was tried since the modem was healthy; None: none."""
    resets: int = 0
    """Restarts and power cuts in the last hour."""
    power: bool = False
    """The operator allows `Rung.POWER`."""


def next_rung(standing: Standing) -> Rung:
    """Return what to do now."""
    helps = _HELPS[standing.trouble]
    if helps == (Rung.INIT,):
        return Rung.INIT
    if standing.trouble is Trouble.UNOPENED and standing.failures < OPENINGS:
        return Rung.INIT
    possible = (rung for rung in helps if _is_above(rung, standing) and _is_free(rung, standing))
    return next(possible, Rung.OPERATOR)


def _is_above(rung: Rung, standing: Standing) -> bool:
    return standing.last is None or rung.height > standing.last.height


def _is_free(rung: Rung, standing: Standing) -> bool:
    if rung in RESETS and standing.resets >= RESETS_PER_HOUR:
        return False
    return rung is not Rung.POWER or standing.power


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """What a supervisor does next."""

    rung: Rung | None
    """None: nothing but to look again."""
    pause: float
    """Seconds before it."""


class Ladder:
    """Where one modem stands on its ladder. Times are the caller's, monotonic, in seconds.

    Attributes:
        rung: what is being tried and is not proved; None in service.
        trouble: what it is tried for.
        on_trial: a rung above the start sequence was taken and has to prove itself.
        counts: how often each rung was tried.
    """

    def __init__(self, *, power: bool, chance: Callable[[], float] = random.random) -> None:
        self.rung: Rung | None = None
        self.trouble = Trouble.AWAY
        self.on_trial = False
        self.counts: Counter[Rung] = Counter()
        self._power = power
        self._backoff = Backoff(first=FIRST_PAUSE, longest=LONGEST_PAUSE, chance=chance)
        self._failures = 0
        self._last: Rung | None = None
        self._climbed_at = 0.0
        self._awaited = False
        self._resets: list[float] = []

    def fail(self, trouble: Trouble, *, now: float) -> Step:
        """Return what to do about a failure."""
        self.trouble = trouble
        self._failures += 1
        if trouble not in _NOT_BACK:
            self._awaited = False
        self._rest(now)
        rung = next_rung(
            Standing(
                trouble=trouble,
                failures=self._failures,
                last=self._last,
                resets=len(self._resets),
                power=self._power,
            )
        )
        self._climb(rung, now)
        return Step(rung=rung, pause=self._pause(rung))

    def miss(self, *, now: float, pause: float) -> Step:
        """Return what to do about a port that is not there, to be looked for in ``pause`` seconds.

        One that was pulled out begins anew; one that this ladder took away has to return.
        """
        waited = now - self._climbed_at
        vanished = self.rung is Rung.OPERATOR and self.trouble is Trouble.VANISHED
        if (self._awaited and waited >= RETURN) or (vanished and waited >= HOUR):
            step = self.fail(Trouble.VANISHED, now=now)
            return step if step.rung is Rung.POWER else Step(rung=step.rung, pause=pause)
        if not self._awaited and not vanished:
            self.forget()
        return Step(rung=None, pause=pause)

    def prove(self) -> None:
        """Say that the modem was brought up."""
        self.rung = None
        self._awaited = self.on_trial = False

    def serve(self, seconds: float, *, useful: bool) -> None:
        """Say how long the modem was in service, and whether it did what it is there for."""
        if seconds >= STEADY:
            self._failures = 0
            self._backoff.reset()
        if seconds >= HEALTHY and useful:
            self._last = None

    def forget(self) -> None:
        """Begin anew, as with another stick; what was counted in this hour stays."""
        self.rung = self._last = None
        self._awaited = self.on_trial = False
        self._failures = 0
        self._backoff.reset()

    def _rest(self, now: float) -> None:
        """Forget what is an hour old; who was given up is then tried from below again."""
        self._resets = [at for at in self._resets if now - at < HOUR]
        if self._last is Rung.OPERATOR and now - self._climbed_at >= HOUR:
            self._last = Rung.INIT

    def _climb(self, rung: Rung, now: float) -> None:
        self.counts[rung] += 1
        if rung in RESETS:
            self._resets.append(now)
            self._awaited = True
        if self._last is None or rung.height > self._last.height:
            self._last, self._climbed_at = rung, now
        if rung is not Rung.INIT:
            self.on_trial = rung is not Rung.OPERATOR
        self.rung = rung

    def _pause(self, rung: Rung) -> float:
        pause = self._backoff.longest() if rung is Rung.OPERATOR else self._backoff.pause()
        return max(pause, LEAST.get(rung, 0.0))
