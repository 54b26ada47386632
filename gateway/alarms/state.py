"""An alarm as it stands: since when, and who was told of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gateway.alarms.condition import Name
from gateway.domain.alarms import AlarmKind, Severity, severity_of


@dataclass(frozen=True, kw_only=True, slots=True)
class AlarmState:
    """One alarm, from when it came on until its end was told."""

    kind: AlarmKind
    subject: str
    detail: str
    began_at: datetime
    noticed_at: datetime
    """When it had lasted for long enough to be one."""
    ended_at: datetime | None = None
    told_at: datetime | None = None
    """When somebody was last told of it."""
    told_end_at: datetime | None = None
    acknowledged: bool = False
    key: int | None = None
    """Of its row; None until it is written."""
    written: bool = False
    """Whether the row says all this."""

    @property
    def name(self) -> Name:
        """What tells it from another that is on."""
        return Name(self.kind, self.subject)

    @property
    def severity(self) -> Severity:
        """How soon somebody has to look."""
        return severity_of(self.kind)

    @property
    def done(self) -> bool:
        """Whether nothing is left to be told: it is over, and who knew of it knows that, too."""
        over = self.ended_at is not None
        return over and (self.told_at is None or self.told_end_at is not None)
