"""A message about alarms in words: short for an SMS, a subject and a body for an e-mail. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from gateway.alarms.due import Due
from gateway.alarms.state import AlarmState
from gateway.domain.alarms import AlarmKind
from gateway.domain.job import format_instant

SHORT: Final = 306
"""Characters of the GSM alphabet in two parts: one is too few for several alarms."""
NAMED: Final = 6
"""Subjects that are named; the rest are counted."""
AT_ONCE: Final = 3
"""Lines that go within `TOGETHER`, from which on one cause is likelier than several."""
TOGETHER: Final = timedelta(minutes=1)

_ONE_CAUSE: Final = "they went together: look at the hub, its supply and its cable first"
TEST: Final = "a test: alarms of this gateway reach you this way"


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """What is told, in every form."""

    id: str
    """Tells one from another; a receiver that gets one twice knows it."""
    node: str
    at: datetime
    due: Due
    test: bool = False

    @property
    def subjects(self) -> frozenset[str]:
        """What it is about: no SMS of it goes out on these lines."""
        return frozenset(one.subject for one in self.due.all if one.subject)

    def short(self) -> str:
        """Return the text of an SMS."""
        words = f"Shopbell {self.node}: " + (TEST if self.test else ". ".join(self._clauses()))
        return _plain(words)

    def subject(self) -> str:
        """Return the subject of an e-mail."""
        words = "a test message" if self.test else "; ".join(self._headings())
        return _plain(f"[shopbell {self.node}] {words}", 150)

    def body(self, zone: ZoneInfo) -> str:
        """Return the text of an e-mail, with instants on the clock of a zone."""
        if self.test:
            return f"This is {TEST}.\n"
        lines = [line for word, some in self._sections() for line in _listed(word, some, zone)]
        cause = [_ONE_CAUSE.capitalize() + ".", ""] if _went_together(self.due.new) else []
        return "\n".join([*lines, *cause, _END])

    def document(self) -> dict[str, object]:
        """Return what a webhook gets."""
        return {
            "id": self.id,
            "node": self.node,
            "at": format_instant(self.at),
            "test": self.test,
            "text": self.short(),
            **{word: [_as_json(one) for one in some] for word, some in self._parts()},
        }

    def _parts(self) -> Sequence[tuple[str, tuple[AlarmState, ...]]]:
        due = self.due
        return [("new", due.new), ("again", due.again), ("over", due.over)]

    def _sections(self) -> list[tuple[str, tuple[AlarmState, ...]]]:
        words = {"new": "New", "again": "Still on", "over": "Over"}
        return [(words[part], some) for part, some in self._parts() if some]

    def _headings(self) -> Iterator[str]:
        for word, some in self._sections():
            lead = "" if word == "New" else f"{word.lower()}: "
            yield lead + ", ".join(_named(some))

    def _clauses(self) -> Iterator[str]:
        for word, some in self._sections():
            lead = "" if word == "New" else f"{word}: "
            yield lead + ", ".join(_named(some))
        if _went_together(self.due.new):
            yield _ONE_CAUSE
        elif len(told := self.due.new + self.due.again) == 1:
            yield told[0].detail


_END: Final = (
    "`shopbell alarms` shows what is on; `shopbell alarms ack KIND` says that you have seen it.\n"
)


def words_of(kind: str) -> str:
    """Return a kind in words, such as ``line down``."""
    return kind.replace("_", " ")


def _named(alarms: Iterable[AlarmState]) -> Iterator[str]:
    """Give each kind once, with what it is about."""
    ordered = sorted(alarms, key=lambda one: (one.severity, one.kind, one.subject))
    for kind, some in groupby(ordered, key=lambda one: one.kind):
        subjects = [one.subject for one in some if one.subject]
        more = f" and {len(subjects) - NAMED} more" if len(subjects) > NAMED else ""
        yield f"{words_of(kind)} {', '.join(subjects[:NAMED])}{more}".rstrip()


def _went_together(alarms: Iterable[AlarmState]) -> bool:
    began = [one.began_at for one in alarms if one.kind is AlarmKind.LINE_DOWN]
    return len(began) >= AT_ONCE and max(began) - min(began) <= TOGETHER


def _listed(word: str, alarms: Sequence[AlarmState], zone: ZoneInfo) -> Iterator[str]:
    yield f"{word}:"
    for one in alarms:
        of = f" of {one.subject}" if one.subject else ""
        since = f"since {one.began_at.astimezone(zone):%d %b %H:%M}"
        until = "" if one.ended_at is None else f" until {one.ended_at.astimezone(zone):%H:%M}"
        yield f"- {words_of(one.kind)}{of}, {since}{until}: {one.detail}"
    yield ""


def _as_json(alarm: AlarmState) -> dict[str, object]:
    ended = None if alarm.ended_at is None else format_instant(alarm.ended_at)
    return {
        "kind": alarm.kind,
        "subject": alarm.subject,
        "severity": alarm.severity,
        "detail": alarm.detail,
        "began_at": format_instant(alarm.began_at),
        "ended_at": ended,
    }


def _plain(text: str, longest: int = SHORT) -> str:
    """Return a text in one line of ASCII: one odd letter would double what an SMS costs.

    Brackets and the like are not in the GSM alphabet's first table, and count twice.
    """
    apart = unicodedata.normalize("NFKD", text).replace("`", "'")
    folded = "".join(sign for sign in apart if not unicodedata.combining(sign))
    folded = folded.encode("ascii", "replace").decode()
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in folded).split())
    while len(line) + sum(sign in _TWICE for sign in line) > longest:
        line = line[:-1]
    return line


_TWICE: Final = frozenset("[]{}\\^|~")
"""In the extension table (3GPP TS 23.038 clause 6.2.1.1)."""
