"""What was found: one sentence that says what is so, and where it is not well one on what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    """It works, and will not for ever, or not for everybody."""
    WRONG = "wrong"
    """Something does not work, or is not safe."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that was looked at.

    Raises:
        ValueError: something is not well, and nobody is told what to do.
    """

    key: str
    """For programs, such as ``disk.full``: subject, then what; the same whatever is in the text."""
    level: Level
    what: str
    """What is so, in one sentence."""
    remedy: str = ""
    """What to do on this very box, in one sentence; empty where all is well."""

    def __post_init__(self) -> None:
        if self.level is not Level.OK and not self.remedy:
            raise ValueError(f"{self.key} says nothing that could be done")


def well(key: str, what: str) -> Finding:
    """Return a finding that all is well."""
    return Finding(key=key, level=Level.OK, what=what)


def warning(key: str, what: str, remedy: str) -> Finding:
    """Return a finding that something should be looked at."""
    return Finding(key=key, level=Level.WARNING, what=what, remedy=remedy)


def wrong(key: str, what: str, remedy: str) -> Finding:
    """Return a finding that something is wrong."""
    return Finding(key=key, level=Level.WRONG, what=what, remedy=remedy)
