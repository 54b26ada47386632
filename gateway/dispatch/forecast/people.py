"""Whom of the persons asked about may be written to, and when: the gate is asked about each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from gateway.dispatch.forecast.crowd import Crowd, Hours, Kind
from gateway.dispatch.forecast.lanes import Lanes
from gateway.dispatch.forecast.question import Question
from gateway.dispatch.gate import Gate
from gateway.domain.consent import Asked
from gateway.domain.ids import JobId, LineId, StoreName
from gateway.domain.phone import PhoneNumberError, parse_phone
from gateway.domain.verdict import Deferred, Forbidden, Verdict

HoursOf = Callable[[Connection, Asked, datetime], Hours | None]
"""Tells when a person may be written to, as known at an instant; None: at any hour."""

LineFor = Callable[[StoreName, str], LineId | None]
"""Tells the line by which a recipient (E.164) knows a store, as far as it is in service."""

LOT: Final = 500
"""Persons whom the gate is asked about together."""

INVALID: Final = "invalid_number"

_JOB: Final = JobId("forecast")


@dataclass(kw_only=True, slots=True)
class People:
    """What the gate says of all of them."""

    crowds: list[Crowd] = field(default_factory=list)
    allowed: int = 0
    """Persons to whom it may go, at once or later."""
    repeated: int = 0
    """Numbers that came before."""
    refused: Counter[str] = field(default_factory=Counter)
    """By the code of the refusal."""
    put_off: Counter[str] = field(default_factory=Counter)
    """By what they wait for, of those who may be written to."""
    outside: int = 0
    """Of those who may be written to: whose hours are others at the start."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asking:
    """Asks about the persons of a question.

    Attributes:
        connection: where the ledger is.
        gate: says who may be written to.
        hours_of: says when.
        line_for: says over which line, where it is to be a certain one.
        lanes: where the messages would wait.
        began: the instant at which the play begins; UTC.
    """

    connection: Connection
    gate: Gate
    hours_of: HoursOf
    line_for: LineFor
    lanes: Lanes
    began: datetime

    def ask(self, question: Question, parts: int, people: People) -> None:
        """Add what the gate says.

        Args:
            question: about whom.
            parts: that the text takes.
            people: what it said of others.
        """
        alike = Counter[Kind]()
        start = max(self.began, question.starts_at or self.began)
        numbers = list(_numbers(question, people))
        for first in range(0, len(numbers), LOT):
            lot = [_asked(question, number, parts) for number in numbers[first : first + LOT]]
            verdicts = self.gate.decide_all(self.connection, [(asked, start) for asked in lot])
            for asked, verdict in zip(lot, verdicts, strict=True):
                if (kind := self._kind(question, asked, verdict, start, people)) is not None:
                    alike[kind] += question.each
        people.crowds += [kind.crowd(messages) for kind, messages in alike.items()]

    def _kind(
        self, question: Question, asked: Asked, verdict: Verdict, start: datetime, people: People
    ) -> Kind | None:
        if isinstance(verdict, Forbidden):
            people.refused[verdict.error.code] += question.each
            return None
        people.allowed += question.each
        hours, ready = self.hours_of(self.connection, asked, start), start
        if hours is not None and hours.opening(start) != start:
            people.outside += question.each
        if isinstance(verdict, Deferred) and verdict.until > start:
            people.put_off[verdict.reason] += question.each
            ready = verdict.until.replace(second=0, microsecond=0)  # so that many are alike
        lane = self.lanes.of(question, asked.recipient)
        return Kind(
            lane=lane,
            parts=asked.parts,
            held_for=verdict.line or self.line_for(question.store, asked.recipient),
            ready_at=max(0.0, (ready - self.began).total_seconds()),
            expires_at=(question.expires_at - self.began).total_seconds(),
            hours=hours,
            asked=True,
        )


def _numbers(question: Question, people: People) -> Iterator[str]:
    """Give each number once, in E.164."""
    seen: set[str] = set()
    for written in question.recipients:
        try:
            number = parse_phone(written, question.country)
        except PhoneNumberError:
            people.refused[INVALID] += question.each
            continue
        people.repeated += number in seen
        if number not in seen:
            seen.add(number)
            yield number


def _asked(question: Question, number: str, parts: int) -> Asked:
    return Asked(
        store=question.store,
        recipient=number,
        purpose=question.purpose,
        job=_JOB,
        scope=question.scope,
        category=question.category,
        parts=parts,
        text=question.text,
    )
