"""Something that is wrong now, whether or not it has been long enough for an alarm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from gateway.domain.alarms import AlarmKind


class Name(NamedTuple):
    """What tells an alarm from another of this gateway."""

    kind: AlarmKind
    subject: str
    """Which modem or carrier; empty: the box."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """What is wrong."""

    kind: AlarmKind
    subject: str = ""
    detail: str
    """A sentence: what is wrong and what would help. No number of a person."""

    @property
    def name(self) -> Name:
        """What tells it from another."""
        return Name(self.kind, self.subject)
