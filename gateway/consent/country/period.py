"""A length of time as laws state it: in years and months of the calendar (ISO 8601-1, 5.5.2)."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

_FORM: Final = re.compile(
    r"P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """Such as three years, or a minute."""

    months: int = 0
    exact: timedelta = timedelta()
    """Days and less."""

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read ``P3Y``, ``P12M``, ``P30D`` or ``PT1M``.

        Raises:
            ValueError: it is no such period.
        """
        found = _FORM.fullmatch(text)
        if found is None:
            raise ValueError('is no period; write one such as "P3Y", "P30D" or "PT1M"')
        years, months, days, hours, minutes, seconds = (int(word or 0) for word in found.groups())
        exact = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        return cls(months=12 * years + months, exact=exact)

    def before(self, instant: datetime) -> datetime:
        """Return when it began that ends at an instant."""
        return _moved(instant, -self.months) - self.exact

    def after(self, instant: datetime) -> datetime:
        """Return when it ends that begins at an instant."""
        return _moved(instant, self.months) + self.exact


def _moved(instant: datetime, months: int) -> datetime:
    """Go by calendar months; the 31st of a shorter month is its last day."""
    year, month = divmod(instant.year * 12 + instant.month - 1 + months, 12)
    day = min(instant.day, calendar.monthrange(year, month + 1)[1])
    return instant.replace(year=year, month=month + 1, day=day)
