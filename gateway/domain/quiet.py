"""Hours in which nobody is to be woken: ``22:00-07:00``, on the wall clock of the box. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, tzinfo
from typing import Final

_FORM: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class QuietHours:
    """From one time of the day to another, over midnight where the latter is the earlier."""

    begins: time
    ends: time

    @classmethod
    def parse(cls, text: str) -> QuietHours:
        """Read ``22:00-07:00``.

        Raises:
            ValueError: it is no such thing, or no time at all.
        """
        found = _FORM.fullmatch(text)
        if found is None or found[1] + found[2] == found[3] + found[4]:
            raise ValueError('is no time of the day; write one such as "22:00-07:00"')
        first, last, other, end = map(int, found.groups())
        return cls(begins=time(first, last), ends=time(other, end))

    def __str__(self) -> str:
        return f"{self.begins:%H:%M}-{self.ends:%H:%M}"

    def hold(self, instant: datetime, zone: tzinfo) -> bool:
        """Tell whether it is quiet at an instant, in the zone of the box."""
        now = instant.astimezone(zone).time().replace(tzinfo=None)
        if self.begins < self.ends:
            return self.begins <= now < self.ends
        return now >= self.begins or now < self.ends
