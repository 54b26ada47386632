"""Counters that have not counted yet.

Prometheus sees what a counter rose by between two looks. One that appears with its first event was
one at the first look, and so the first failure of a line, or the first job that expired, would
never be seen; that is why all that can be known of before is told as zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Final

from gateway.domain.failures import FailureClass
from gateway.domain.measures import SILENT, Counted
from gateway.domain.outward import Outward
from gateway.domain.purpose import Purpose
from gateway.domain.states import JobState, PartState
from gateway.meter.tally import Labels

_PURPOSES: Final = tuple(Purpose)
_STATES: Final = tuple(state for state in JobState if state is not JobState.ACCEPTED)
_VERDICTS: Final = (PartState.DELIVERED, PartState.UNDELIVERED, PartState.SENT)

_OF_STORE: Final[Mapping[Counted, tuple[tuple[str, ...], ...]]] = {
    Counted.JOBS_ACCEPTED: (_PURPOSES,),
    Counted.JOB_STATES: (_PURPOSES, _STATES),
}
_OF_MODEM: Final[Mapping[Counted, tuple[tuple[str, ...], ...]]] = {
    Counted.PARTS_SENT: (_PURPOSES,),
    Counted.PARTS_REFUSED: ((*FailureClass, SILENT),),
    Counted.PARTS_UNCONFIRMED: (),
    Counted.PARTS_RECEIVED: (),
    Counted.REPORTS: (_VERDICTS,),
    Counted.LOOP_TESTS_SENT: (),
    Counted.LOOP_TESTS_LOST: (),
}
"""What follows on the name: every one of each list."""


def zeros(stores: Iterable[str], modems: Iterable[str]) -> Iterator[tuple[Counted, Labels]]:
    """Give all that could be counted of these stores and modems, and of the broker."""
    for named, table in ((list(stores), _OF_STORE), (list(modems), _OF_MODEM)):
        for what, lists in table.items():
            for labels in product(named, *lists):
                yield what, tuple(map(str, labels))
    for topic in Outward:
        yield Counted.LETTERS_PUBLISHED, (topic.value,)
