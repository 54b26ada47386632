"""How full a modem's storages are, and what follows from it: pure policy (MODEMS.md 4.11).

A full storage takes nothing in, and on some modems keeps reports from being sent. What came in is
read, handed over and deleted at once, so that one fills up only with what the gateway does not
delete: drafts and sent copies, which are somebody's, and what the modem refuses to free.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_HALF: Final = 0.5
_ALARMING: Final = 0.8


@dataclass(frozen=True, kw_only=True, slots=True)
class Fill:
    """One storage after it was looked through."""

    used: int
    total: int
    """0 where the modem does not tell; such a storage is never full."""
    foreign: int = 0
    """Drafts and sent copies among them."""

    @property
    def at_half(self) -> bool:
        """Whether it has to be looked through before it fills up."""
        return self._share >= _HALF

    @property
    def alarming(self) -> bool:
        """Whether a person has to look at it."""
        return self._share >= _ALARMING

    @property
    def _share(self) -> float:
        return self.used / self.total if self.total else 0.0


def complaint(fills: Mapping[str, Fill]) -> str | None:
    """Return what is wrong with storages by their names and what would help, or None."""
    told = [_complaint(name, fill) for name, fill in fills.items() if fill.alarming]
    return "; ".join(told) or None


def is_over(fills: Mapping[str, Fill]) -> bool:
    """Tell whether an alarm about them ends: every storage is below half."""
    return not any(fill.at_half for fill in fills.values())


def _complaint(name: str, fill: Fill) -> str:
    held = f"the storage {name} holds {fill.used} of {fill.total} messages"
    kept = fill.used - fill.foreign
    remedies = []
    if fill.foreign:
        remedies.append(
            f"{fill.foreign} are drafts or sent copies, which the gateway never deletes: "
            "delete them with the SIM in a phone"
        )
    if kept > 0:
        remedies.append(
            f"{kept} are not given up by the modem: replug it, or delete them in a phone"
        )
    return ", ".join([held, *remedies])
