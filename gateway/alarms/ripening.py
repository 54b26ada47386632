"""Makes alarms of conditions: one that lasts comes on, one that is gone for a while goes off.

Pure: seconds are of the loop's clock, so that a wall clock that is set changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from gateway.alarms.condition import Condition, Name
from gateway.alarms.limits import AlarmLimits
from gateway.domain.alarms import AlarmKind

SOON: Final = 10.0
"""Seconds that anything has to last: a look that met something half done says nothing."""
CALM: Final = 60.0
"""Seconds that it has to be gone for the alarm to go off, the first time in a while."""
LONGEST_CALM: Final = 3600.0
"""At most, however often it comes and goes."""
REMEMBERED: Final = 86_400.0
"""Seconds after which an alarm that went off is one that comes for the first time."""

_TAKES: Final[Mapping[AlarmKind, float]] = {
    AlarmKind.PORT_TAKEN: 60.0,
    AlarmKind.NO_SIM: 60.0,
    AlarmKind.LINE_STOPPED: 60.0,
    AlarmKind.DATABASE_TROUBLE: 30.0,
    AlarmKind.QUEUE_BEHIND: 60.0,
    AlarmKind.REPORTS_FALLING: 120.0,
    AlarmKind.DISK_FILLING: 600.0,
    AlarmKind.CLOCK_JUMPED: 0.0,
    AlarmKind.RESTARTED: 0.0,
}
"""Seconds that something has to last, where it is neither `SOON` nor for the operator to say."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ripe:
    """What changed at a look."""

    on: tuple[tuple[Condition, float], ...] = ()
    """What came on, and for how many seconds it has been wrong."""
    off: tuple[Name, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Track:
    condition: Condition
    seen: float
    """Since when it has been wrong without a break."""
    on: bool = False
    gone: float | None = None
    """Since when it has been right again."""
    onsets: int = 0
    """How often it came on lately."""


@dataclass(slots=True)
class Ripening:
    """What is wrong, and since when."""

    _tracks: dict[Name, _Track] = field(default_factory=dict)

    @property
    def on(self) -> frozenset[Name]:
        """The alarms that are on."""
        return frozenset(name for name, track in self._tracks.items() if track.on)

    def detail(self, name: Name) -> str | None:
        """Return in what words something is wrong, as it was last seen; None: it is not known."""
        track = self._tracks.get(name)
        return None if track is None else track.condition.detail

    def adopt(self, condition: Condition, now: float) -> None:
        """Take an alarm for on that was when the gateway ended."""
        track = _Track(condition=condition, seen=now, on=True, gone=now, onsets=1)
        self._tracks[condition.name] = track

    def look(self, conditions: Iterable[Condition], limits: AlarmLimits, now: float) -> Ripe:
        """Take up what is wrong now; return what changed.

        Args:
            conditions: what is wrong; of two of one name the first counts.
            limits: how long it has to last.
            now: seconds.
        """
        wrong: dict[Name, Condition] = {}
        for one in conditions:
            wrong.setdefault(one.name, one)
        came = [ripe for one in wrong.values() if (ripe := self._see(one, limits, now))]
        for one in wrong.values():
            self._tracks[one.name] = replace(self._tracks[one.name], condition=one)
        went = [name for name in list(self._tracks) if name not in wrong and self._miss(name, now)]
        return Ripe(on=tuple(came), off=tuple(went))

    def _see(
        self, condition: Condition, limits: AlarmLimits, now: float
    ) -> tuple[Condition, float] | None:
        """Note that something is wrong; return it with its age if it comes on by that."""
        track = self._tracks.get(condition.name) or _Track(condition=condition, seen=now)
        if track.gone is not None:
            track = replace(track, gone=None, seen=track.seen if track.on else now)
        comes = not track.on and now - track.seen >= takes(condition.kind, limits)
        if comes:
            track = replace(track, on=True, onsets=track.onsets + 1)
        self._tracks[condition.name] = track
        return (condition, now - track.seen) if comes else None

    def _miss(self, name: Name, now: float) -> bool:
        """Note that something is not wrong; return whether it goes off by that."""
        track = self._tracks[name]
        if track.gone is None:
            track = self._tracks[name] = replace(track, gone=now)
        assert track.gone is not None  # noqa: S101 -- it was set a line above
        right_for = now - track.gone
        if track.on and right_for >= calm(track.onsets):
            self._tracks[name] = replace(track, on=False)
            return True
        if not track.on and right_for >= (REMEMBERED if track.onsets else 0.0):
            del self._tracks[name]
        return False


def takes(kind: AlarmKind, limits: AlarmLimits) -> float:
    """Return the seconds that something has to be wrong for an alarm."""
    told: Mapping[AlarmKind, timedelta] = {
        AlarmKind.LINE_DOWN: limits.line_down,
        AlarmKind.BROKER_AWAY: limits.broker_away,
    }
    length = told.get(kind)
    return _TAKES.get(kind, SOON) if length is None else length.total_seconds()


def calm(onsets: int) -> float:
    """Return the seconds for which it has to be right: the longer, the more often it came back."""
    return min(LONGEST_CALM, CALM * 2.0 ** min(16, max(0, onsets - 1)))
