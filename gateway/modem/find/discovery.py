"""Which stick is whose, and which of its ports is tried first: decisions, without any port.

Responsible for: telling the sticks that an entry of the configuration names from those that none
does, what may be opened of a stick, in which order, and which of several ports is the best. Not
responsible for: opening them (`gateway.modem.find.stick`) and looking again (`gateway.modem.rack`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from gateway.domain.ids import ModemName
from gateway.modem.known.profile import Ports, Profile
from gateway.modem.known.profiles import choose_profile, load_profiles
from gateway.modem.modem import Identity
from gateway.modem.port.transport import candidates
from gateway.modem.port.usb import UsbPort, UsbStick, stick_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """What came of one port that was tried."""

    port: UsbPort
    answers: bool
    """AT got its OK."""
    speaks: bool
    """Something came by itself: what comes in is said on this port."""


def modem_name(entry: ModemName, stick: UsbStick) -> ModemName:
    """Return what the modem is called that a stick without an entry of its own becomes.

    By where it is plugged in: cheap sticks share serial numbers and IMEIs (MODEMS.md 6.5).
    """
    return ModemName(f"{entry}-{stick.path}")


def named_paths(ports: Iterable[str], sysfs: Path) -> frozenset[str]:
    """Return the USB paths of the sticks that these ports stand for now.

    Args:
        ports: paths, globs and addresses, as the configuration has them.
        sysfs: where the sticks are shown.
    """
    paths = (path for port in ports for path in candidates(port))
    found = (stick_of(path, sysfs) for path in paths)
    return frozenset(stick.path for stick in found if stick is not None)


def settled(before: Sequence[UsbStick], now: Sequence[UsbStick]) -> dict[str, UsbStick]:
    """Return, by USB path, the sticks that two looks in a row saw alike.

    While a stick is plugged in its ports appear one by one, and after them the symlink by which an
    entry may name it.
    """
    return {stick.path: stick for stick in now if stick in before}


def unnamed(found: Iterable[UsbStick], named: AbstractSet[str]) -> tuple[UsbStick, ...]:
    """Return the sticks whose USB path is none of ``named``."""
    return tuple(stick for stick in found if stick.path not in named)


def profile_of(stick: UsbStick) -> Profile:
    """Return what is known of a stick before it is asked: the profile of its USB id."""
    return load_profiles()[choose_profile(Identity(), stick.id)]


def ports_to_try(stick: UsbStick, known: Ports) -> tuple[UsbPort, ...]:
    """Return the ports of a stick that may be opened, best first.

    Where the profile names some, no other is touched: the rest dials, or is for diagnostics.
    """
    allowed = [port for port in stick.ports if port.interface not in known.never]
    rank = {interface: place for place, interface in enumerate(known.commands)}
    listed = [port for port in allowed if port.interface in rank]
    return tuple(sorted(listed, key=lambda port: rank[port.interface]) or allowed)


def best(trials: Sequence[Trial]) -> Trial | None:
    """Return the port to use: it answers and, better still, says what comes in; else the first.

    Args:
        trials: in the order in which they are preferred.
    """
    answering = [trial for trial in trials if trial.answers]
    return next((trial for trial in answering if trial.speaks), next(iter(answering), None))
