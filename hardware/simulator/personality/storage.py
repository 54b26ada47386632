"""The memories of a stick, and how it talks about them (MODEMS.md section 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Lists(StrEnum):
    """What +CMGL does (MODEMS.md 4.6)."""

    WORKS = "works"
    REFUSES = "refuses"
    HANGS = "hangs"
    """Never answers; other commands do."""


def _slots() -> Mapping[str, int]:
    return {"SM": 50, "ME": 50, "SR": 20}


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """+CPMS, +CMGR, +CMGL, +CMGD."""

    slots: Mapping[str, int] = field(default_factory=_slots)
    """The memories that it has, and their size."""
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Other names, such as MT."""
    selected: tuple[str, str, str] = ("SM", "SM", "SM")
    """After power-on."""
    listing: str = '("SM","ME","SR"),("SM","ME"),("SM","ME")'
    """What +CPMS=? says that it has."""
    arguments: tuple[int, ...] = (1, 2, 3)
    """How many +CPMS= takes."""
    numbers: int = 6
    """In the answer to +CPMS=; zero: OK alone."""
    place: str = '"{memory}",{used},{slots}'
    """Each memory in the answer to +CPMS?."""
    first: int = 1
    """Number of the first slot."""
    empty: str = "+CMS ERROR: 321"
    """What reading an empty slot gives; may be OK."""
    counts_after: float = 0.0
    """Seconds until a message that was announced is counted as used (MODEMS.md 4.9)."""
    lists: Lists = Lists.WORKS
    off_by: int = 0
    """Added to the indices that +CMGL shows."""
    run_together: bool = False
    """No line end between two entries of +CMGL."""
    one_line: bool = False
    """Header and PDU stand on one line."""
