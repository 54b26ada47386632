"""Reads the TOML files of a shop's folder, key by key; every mistake is a `ContentError`.

Pure: a parser is given the text, and who loads the file says in which file it stands.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from gateway.domain.duration import parse_duration
from gateway.domain.errors import ContentError

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

_CLOSE: Final = 0.6
"""How like a known key an unknown one must be to be taken for a slip of the keyboard."""

MOST_OCTETS: Final = 256 * 1024
"""Of one file; a longer one is none that somebody wrote by hand."""


class Fields:
    """A table of a file: each key is asked for once, and what is left over is refused.

    Args:
        values: the table.
        place: how the table itself is named in errors, such as ``arm 2``; empty for the file.
    """

    def __init__(self, values: Mapping[str, Any], place: str = "") -> None:
        self._values = dict(values)
        self._place = place
        self._asked: list[str] = []

    @classmethod
    def of(cls, text: str) -> Fields:
        """Return the table that a text is.

        Raises:
            ContentError: it is no TOML.
        """
        try:
            return cls(tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            raise ContentError(f"is no TOML: {error}") from None

    def fault(self, key: str, reason: str) -> ContentError:
        """Return what is wrong with a key."""
        return ContentError(reason, place=f"{self._place}: {key}" if self._place else key)

    def has(self, key: str) -> bool:
        """Tell whether a key is there, whatever it says."""
        return key in self._values

    def get(self, key: str) -> Any:
        """Return what a key says, unread; None when it is absent."""
        self._asked.append(key)
        return self._values.get(key)

    def text(self, key: str) -> str | None:
        """Return a text that is not blank."""
        value = self.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip():
            raise self.fault(key, f"is {value!r}; right: a text in quotes")
        return value.strip()

    def required(self, key: str, example: str) -> str:
        """Return a text that must be there."""
        value = self.text(key)
        if value is None:
            raise self.fault(key, f'is missing; write one such as {key} = "{example}"')
        return value

    def word(self, key: str, words: type[E], default: E) -> E:
        """Return one of several words."""
        value = self.text(key)
        if value is None:
            return default
        if value not in list(words):
            known = ", ".join(f'"{word}"' for word in words)
            raise self.fault(key, f"is {value!r}; right: {known}")
        return words(value)

    def number(self, key: str) -> float | None:
        """Return a number."""
        value = self.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.fault(key, f"is {value!r}; right: a number without quotes")
        return float(value)

    def whole(self, key: str, least: int, most: int) -> int | None:
        """Return a whole number."""
        value = self.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise self.fault(key, f"is {value!r}; right: a whole number from {least} to {most}")
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """Return true or false."""
        value = self.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.fault(key, f"is {value!r}; right: true or false")
        return value

    def duration(self, key: str) -> timedelta | None:
        """Return a length of time such as ``45m``."""
        return self._read(key, parse_duration)

    def instant(self, key: str, zone: ZoneInfo) -> datetime | None:
        """Return an instant, UTC; one that is written without an offset is a zone's wall clock."""
        value = self.get(key)
        if value is None:
            return None
        if not isinstance(value, datetime):
            example = "2026-11-27T09:00:00"
            raise self.fault(key, f"is {value!r}; right: date and time without quotes: {example}")
        return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts."""
        value = self.get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.fault(key, f'is {value!r}; right: a list of texts such as ["a", "b"]')
        return tuple(value)

    def table(self, key: str) -> Fields | None:
        """Return a table within."""
        value = self.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self.fault(key, f"is {value!r}; right: a table, under a line [{key}]")
        return Fields(value, self._within(key))

    def tables(self, key: str) -> list[Fields]:
        """Return the tables of a list of them."""
        value = self.get(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self.fault(key, f"is {value!r}; right: tables, each under a line [[{key}]]")
        return [Fields(one, self._within(f"{key} {place}")) for place, one in enumerate(value, 1)]

    def keys(self) -> Iterator[str]:
        """Give the names of all keys, as those of a file that names things by them."""
        yield from self._values

    def end(self) -> None:
        """Refuse what nobody asked for.

        Raises:
            ContentError: there is such a key; the text says which might be meant.
        """
        for key in self._values:
            if key not in self._asked:
                raise self.fault(key, _unknown(key, dict.fromkeys(self._asked)))

    def _read(self, key: str, read: Callable[[Any], T]) -> T | None:
        value = self.get(key)
        if value is None:
            return None
        try:
            return read(value)
        except ValueError as error:
            raise self.fault(key, f"{value!r} {error}") from None

    def _within(self, place: str) -> str:
        return f"{self._place}: {place}" if self._place else place


def _unknown(key: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(key, list(known), n=1, cutoff=_CLOSE)
    if close:
        return f'is no key; do you mean "{close[0]}"?'
    return f"is no key; there are: {', '.join(sorted(known))}"


@contextmanager
def standing_in(file: Path) -> Iterator[None]:
    """Say of errors of a parser in which file they are."""
    try:
        yield
    except ContentError as error:
        raise ContentError(error.reason, file=error.file or file, place=error.place) from None


def read_content(file: Path) -> str:
    """Return the text of a shop's file.

    Raises:
        ContentError: it cannot be read, is too long, or is not UTF-8.
    """
    try:
        if file.stat().st_size > MOST_OCTETS:
            raise ContentError(f"is longer than {MOST_OCTETS // 1024} KiB", file=file)
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ContentError("is not UTF-8; save it as that", file=file) from None
    except OSError as error:
        raise ContentError(f"cannot be read: {error.strerror}", file=file) from None
