"""What a tally says of the time since the last look, as samples for the pictures."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from gateway.domain.measures import Counted, Timed
from gateway.domain.sample import ALL, Sample, Series
from gateway.domain.states import PartState
from gateway.meter.tally import Labels, Tally

_SUBJECTS: Final[Mapping[Counted, tuple[Series, int]]] = {
    Counted.JOBS_ACCEPTED: (Series.ACCEPTED, 0),
    Counted.PARTS_SENT: (Series.SENT, 0),
    Counted.REPORTS: (Series.DELIVERED, 0),
    Counted.PARTS_REFUSED: (Series.FAILED, 1),
}
"""Which of the labels is the subject."""

_TIMES: Final[Mapping[Timed, Series]] = {
    Timed.REPORT_DELAY: Series.REPORT_DELAY,
    Timed.LOOP_TEST_DELAY: Series.LOOP_DELAY,
}


class Sampler:
    """Looks at a tally, of which it alone takes the extremes.

    Args:
        tally: what is counted and timed.
    """

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._counted: Counter[tuple[Counted, Labels]] = Counter()
        self._timed: dict[tuple[Timed, Labels], tuple[int, float]] = {}

    def take(self) -> list[Sample]:
        """Return what happened since the last call; of nothing, that it was nothing."""
        return [*self._counts(), *self._times()]

    def _counts(self) -> Iterator[Sample]:
        found: dict[Series, Counter[str]] = {series: Counter() for series, _ in _SUBJECTS.values()}
        for (what, labels), number in self._tally.counts.items():
            new = number - self._counted[what, labels]
            self._counted[what, labels] = number
            if new and what in _SUBJECTS and _is_meant(what, labels):
                series, place = _SUBJECTS[what]
                found[series][labels[place]] += new
        for series, subjects in found.items():
            yield _count(series, ALL, subjects.total())
            yield from (_count(series, name, number) for name, number in subjects.items())

    def _times(self) -> Iterator[Sample]:
        found: dict[Series, list[Sample]] = defaultdict(list)
        for (what, labels), spread in self._tally.spreads.items():
            if what not in _TIMES:
                continue
            count, total = self._timed.get((what, labels), (0, 0.0))
            self._timed[what, labels] = spread.count, spread.total
            least, most = spread.take_extremes()
            found[_TIMES[what]].append(
                Sample(
                    series=_TIMES[what],
                    count=spread.count - count,
                    total=spread.total - total,
                    least=least,
                    most=most,
                )
            )
        for series in _TIMES.values():
            yield _joined(series, found[series])


def looked_at(series: Series, values: Mapping[str, float]) -> list[Sample]:
    """Return what was found when something was looked at, by subject."""
    return [
        Sample(series=series, subject=subject, count=1, total=value, least=value, most=value)
        for subject, value in values.items()
    ]


def _is_meant(what: Counted, labels: Labels) -> bool:
    """Of the reports, those of deliveries are."""
    return what is not Counted.REPORTS or labels[1] == PartState.DELIVERED


def _count(series: Series, subject: str, number: int) -> Sample:
    return Sample(series=series, subject=subject, count=number, total=number)


def _joined(series: Series, samples: list[Sample]) -> Sample:
    return Sample(
        series=series,
        count=sum(one.count for one in samples),
        total=sum(one.total for one in samples),
        least=min((one.least for one in samples if one.least is not None), default=None),
        most=max((one.most for one in samples if one.most is not None), default=None),
    )
