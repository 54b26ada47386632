"""A length of time as a marketer writes it: ``45m``, ``48h``, ``14d``. Pure."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

_FORM: Final = re.compile(r"(0|[1-9]\d{0,4})([smhdw])", re.ASCII)
_UNITS: Final = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}

MOST: Final = timedelta(days=3650)
"""Beyond ten years it is a slip of the keyboard."""

RULE: Final = 'is no length of time; write one such as "45m", "48h" or "14d"'


def parse_duration(text: object) -> timedelta:
    """Read a whole number of seconds, minutes, hours, days or weeks, such as ``45m``.

    Raises:
        ValueError: it is none, or longer than ten years.
    """
    found = _FORM.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise ValueError(RULE)
    length = int(found[1]) * _UNITS[found[2]]
    if length > MOST:
        raise ValueError(f"is longer than {format_duration(MOST)}")
    return length


def format_duration(length: timedelta) -> str:
    """Return a length as `parse_duration` reads it, in the largest unit that divides it.

    Weeks are written as days, and what is below a second is left out.
    """
    seconds = length // _UNITS["s"]
    for unit in ("d", "h", "m"):
        whole, rest = divmod(seconds, _UNITS[unit] // _UNITS["s"])
        if whole and not rest:
            return f"{whole}{unit}"
    return f"{seconds}s"
