"""Answers what becomes of texts to many persons, from the queue, the lines and the law."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from gateway.db.known_lines import KnownLines
from gateway.dispatch.forecast.available import Available, Stable
from gateway.dispatch.forecast.forecast import Forecast
from gateway.dispatch.forecast.lanes import Lanes
from gateway.dispatch.forecast.people import Asking, HoursOf, People
from gateway.dispatch.forecast.play import play
from gateway.dispatch.forecast.question import Question
from gateway.dispatch.forecast.queue import QueueReader, lanes_of
from gateway.dispatch.gate import Gate
from gateway.dispatch.pacing import SharedLimit, SharedPace
from gateway.dispatch.router import Router
from gateway.domain.destination import Destinations
from gateway.domain.ids import LineId, StoreName
from gateway.sms import count_parts


@dataclass(frozen=True, kw_only=True, slots=True)
class Forecaster:
    """Asks the same rules as sending does; it changes nothing."""

    gate: Gate
    hours_of: HoursOf
    stable: Stable
    router: Router
    known: KnownLines
    destinations: Destinations
    limits: Sequence[SharedLimit] = ()

    def ask(
        self,
        connection: Connection,
        questions: Sequence[Question],
        lines: Sequence[Available],
        now: datetime,
    ) -> Forecast:
        """Return what would become of some questions' messages if all were published now.

        Args:
            connection: for reading.
            questions: what is asked: one text each, and nobody in two of them.
            lines: those in service.
            now: the current instant, UTC.
        """
        waiting = QueueReader(connection=connection, hours_of=self.hours_of, began=now).read()
        lanes = Lanes(self.destinations)
        for lane in lanes_of(waiting):
            lanes.learn(lane)
        modems = {one.line: one.modem for one in lines}

        def line_for(store: StoreName, recipient: str) -> LineId | None:
            line = self.known.find(connection, store, recipient)
            return line if line in modems else None

        asking = Asking(
            connection=connection,
            gate=self.gate,
            hours_of=self.hours_of,
            line_for=line_for,
            lanes=lanes,
            began=now,
        )
        people, each = People(), [count_parts(question.text).parts for question in questions]
        for question, parts in zip(questions, each, strict=True):
            asking.ask(question, parts, people)
        played = play(
            [*waiting, *people.crowds],
            self.stable.runners(connection, list(lines), now),
            router=self.router,
            shared=SharedPace(self.limits),
            began=now,
        )
        return Forecast.of(people, played, modems=modems, parts=max(each, default=1), began=now)
