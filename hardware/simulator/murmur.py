"""What a stick does by itself while nobody asks: vendor lines now and then, and falling asleep."""

from __future__ import annotations

from collections.abc import Callable

from hardware.simulator.device import Device
from hardware.simulator.timers import Timer, Timers

_JITTER = 0.5
"""Part of the interval by which two lines are apart more or less."""


class Murmur:
    """The noise of one stick (MODEMS.md 1.5)."""

    def __init__(self, device: Device, pause: Callable[[float, Callable[[], None]], None]) -> None:
        self._device = device
        self._noise = device.personality.noise
        self._pause = pause

    def start(self, say: Callable[[str], None]) -> None:
        """Begin after power-on; ends when the power goes."""
        if self._noise.every and self._noise.lines:
            self._wait(say)

    def _wait(self, say: Callable[[str], None]) -> None:
        chance = self._device.faults.random.uniform(1 - _JITTER, 1 + _JITTER)
        self._pause(self._noise.every * chance, lambda: self._speak(say))

    def _speak(self, say: Callable[[str], None]) -> None:
        if self._device.quieted:
            return
        say(self._device.faults.random.choice(self._noise.lines))
        self._wait(say)


class Sleep:
    """Loses the first command after a time without any (MODEMS.md 1.11)."""

    def __init__(self, after: float, timers: Timers) -> None:
        self._after = after
        self._timers = timers
        self._nap: Timer | None = None
        self._asleep = False

    def disturb(self) -> bool:
        """A command came; returns whether it only woke the stick up."""
        if self._nap is not None:
            self._nap.cancel()
        if self._after:
            self._nap = self._timers.call_later(self._after, self._fall_asleep)
        woken, self._asleep = self._asleep, False
        return woken

    def _fall_asleep(self) -> None:
        self._asleep = True
