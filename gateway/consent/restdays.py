"""Public holidays, as days on a person's calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from gateway.consent.country import CountryPolicy

_YEARS: Final = 256
"""Calendars of a year that are kept."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RestDays:
    """The holidays of a country and of regions in it."""

    calendar: str
    """ISO 3166 alpha-2."""
    regions: tuple[str, ...] = ()
    """Subdivisions by the names of the library `holidays`."""

    def __contains__(self, day: date) -> bool:
        return any(
            day in _days(self.calendar, region, day.year) for region in (None, *self.regions)
        )


def rest_days(policy: CountryPolicy, postal_code: str | None) -> RestDays:
    """Return a person's holidays; whose postal code is not known may be in any region.

    Args:
        policy: of the person's country.
        postal_code: as far as known.
    """
    regions = policy.holidays.regions
    code = (postal_code or "").strip()
    return RestDays(
        calendar=policy.holidays.calendar or policy.country,
        regions=tuple(
            region for region, starts in regions.items() if not code or code.startswith(starts)
        ),
    )


def load_calendars() -> None:
    """Import the library, so that the first question for a holiday is as quick as the next."""
    import holidays  # noqa: F401


@lru_cache(maxsize=_YEARS)
def _days(calendar: str, region: str | None, year: int) -> frozenset[date]:
    """Return the holidays of a year; a country that the library does not know has none."""
    import holidays  # some 0.2 s, and most of what we do asks for no holiday

    try:
        return frozenset(holidays.country_holidays(calendar, subdiv=region, years=year))
    except NotImplementedError:
        return frozenset()
