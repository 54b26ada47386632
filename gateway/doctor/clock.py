"""The clock: right, kept right, and not set back behind what was written.

Quiet hours, expiries and the days of a SIM's limits hang on it, and a Raspberry Pi without a
battery starts in the past.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from gateway.doctor.finding import Finding, warning, well, wrong

EARLIEST: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""Nobody had this program before."""

SET_BACK: Final = timedelta(minutes=2)
"""What was written so much after "now" was written under another clock."""

_TRUSTED_US: Final = 16_000_000
"""Microseconds of error up to which the kernel calls a clock kept (systemd, `ntp_synced`)."""

_TIMEX_OCTETS: Final = 208
"""Of ``struct timex`` (adjtimex(2)), on 32 bits less."""

_MAXERROR: Final = 3
"""Its fourth word: modes, offset, freq, maxerror."""

_KEEP: Final = "`timedatectl set-ntp true` (Debian: apt install systemd-timesyncd)"


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockFacts:
    """What was seen of the clock."""

    now: datetime
    kept: bool | None
    """Whether somebody keeps it right; None where the kernel does not tell."""
    newest: datetime | None
    """When the last of our files was written; None where there is none."""
    zone: str
    """The box's own."""
    gateway_zone: str
    """That of the SIMs' days."""


def look(now: datetime, files: Sequence[Path], gateway_zone: str) -> ClockFacts:
    """Look at the clock.

    Args:
        now: what it says; aware.
        files: that the gateway writes; those that are there.
        gateway_zone: by whose midnight a SIM's day begins.
    """
    return ClockFacts(
        now=now,
        kept=_kept(),
        newest=_newest(files),
        zone=_zone(Path("/etc/localtime")),
        gateway_zone=gateway_zone,
    )


def judge(facts: ClockFacts) -> Iterator[Finding]:
    """Tell what is wrong with it."""
    local = facts.now.astimezone(ZoneInfo(facts.gateway_zone))
    said = f"it is {local:%Y-%m-%d %H:%M} in {facts.gateway_zone}; this box is in {facts.zone}"
    if facts.now < EARLIEST:
        yield wrong("clock.past", f"{said}, which is long ago", f"set it: {_KEEP}")
    elif facts.newest is not None and facts.newest > facts.now + SET_BACK:
        yield wrong(
            "clock.set_back",
            f"{said}, and the database was written at {facts.newest:%Y-%m-%d %H:%M} UTC: the clock "
            "went back since then",
            f"set it right before the gateway sends: {_KEEP}",
        )
    else:
        yield well("clock.time", said)
    yield from _judge_keeping(facts.kept)


def _judge_keeping(kept: bool | None) -> Iterator[Finding]:
    if kept:
        yield well("clock.kept", "it is kept right from outside")
    elif kept is not None:
        yield warning(
            "clock.adrift",
            "nobody keeps the clock right: quiet hours and expiries drift with it",
            f"{_KEEP}; without a network, a clock with a battery (RTC)",
        )


def _kept() -> bool | None:
    """Ask the kernel, changing nothing (adjtimex(2) with modes 0)."""
    word = ctypes.c_long
    timex = (word * (_TIMEX_OCTETS * 2 // ctypes.sizeof(word)))()
    try:
        told = ctypes.CDLL(None).adjtimex(ctypes.byref(timex))
    except (OSError, AttributeError):
        return None
    return None if told < 0 else 0 <= timex[_MAXERROR] < _TRUSTED_US


def _newest(files: Sequence[Path]) -> datetime | None:
    times = []
    for file in files:
        with suppress(OSError):
            times.append(file.stat().st_mtime)
    return datetime.fromtimestamp(max(times), UTC) if times else None


def _zone(link: Path) -> str:
    """Return the zone's name, from where the link leads: …/zoneinfo/Europe/London."""
    _, _, name = str(link.resolve()).partition("zoneinfo/")
    return name or "UTC"
