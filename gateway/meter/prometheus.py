"""Writes a tally and what was looked up as Prometheus reads it, by its own library.

Each answer has a registry of its own, so that gateways in one process know nothing of each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric as Written
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from gateway.domain.measures import COUNTED, TIMED, About, Counted, Timed
from gateway.meter.family import PREFIX, Family, Kind
from gateway.meter.tally import Labels, Tally

_LAST: Final = "+Inf"


@dataclass(frozen=True, slots=True)
class Spans:
    """How long something took, at one moment."""

    labels: Labels
    buckets: tuple[int, ...]
    total: float


@dataclass(frozen=True, slots=True)
class Picture:
    """All values at one moment, which nobody changes any more."""

    counts: Sequence[tuple[str, About, Sequence[tuple[Labels, float]]]]
    spans: Sequence[tuple[str, About, Sequence[Spans]]]
    families: Sequence[Family]


def picture(
    tally: Tally, found: Iterable[Family], expected: Iterable[tuple[Counted, Labels]] = ()
) -> Picture:
    """Copy a tally on its loop; what comes after is slow, and may be done in a thread.

    Args:
        tally: what was counted and timed.
        found: what was looked up.
        expected: what is told as zero until it is counted; see `gateway.meter.zeros`.
    """
    counts = {what: list[tuple[Labels, float]]() for what in COUNTED}
    for (what, labels), number in (dict.fromkeys(expected, 0) | dict(tally.counts)).items():
        counts[what].append((labels, number))
    spans = {what: list[Spans]() for what in TIMED}
    for (timed, labels), spread in tally.spreads.items():
        spans[timed].append(Spans(labels, tuple(spread.buckets), spread.total))
    return Picture(
        counts=[(what.value, COUNTED[what], rows) for what, rows in counts.items()],
        spans=[(_seconds(what), TIMED[what], rows) for what, rows in spans.items()],
        families=list(found),
    )


def write(taken: Picture, accept: str, pid: int) -> tuple[bytes, str]:
    """Return the text and its content type, by what who asks accepts; the process is the one told.

    Args:
        taken: all values.
        accept: the header.
        pid: of the process whose memory and time are told as well.
    """
    encode, content_type = choose_encoder(accept)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Taken(taken))
    ProcessCollector(pid=lambda: pid, registry=registry)
    return encode(registry), content_type


def names(taken: Picture) -> Iterator[tuple[str, str, tuple[str, ...], str]]:
    """Give each metric's full name, its type, its labels and what it is; for the documentation."""
    for name, about, _ in taken.counts:
        yield f"{PREFIX}{name}_total", "counter", about.labels, about.text
    for name, about, _ in taken.spans:
        yield f"{PREFIX}{name}", "histogram", about.labels, about.text
    for family in taken.families:
        metric = family.metric
        end = "_total" if metric.kind is Kind.COUNTER else ""
        yield f"{PREFIX}{metric.name}{end}", metric.kind.value, metric.labels, metric.text


def _seconds(what: Timed) -> str:
    return f"{what.value}_seconds"


class _Taken(Collector):
    def __init__(self, taken: Picture) -> None:
        self._taken = taken

    def collect(self) -> Iterator[Written]:
        for name, about, rows in self._taken.counts:
            counter = CounterMetricFamily(PREFIX + name, f"{about.text}.", labels=about.labels)
            for labels, number in rows or _nothing_yet(about):
                counter.add_metric(labels, number)
            yield counter
        for name, about, spans in self._taken.spans:
            yield _histogram(PREFIX + name, about, spans)
        for family in self._taken.families:
            yield _looked_up(family)


def _nothing_yet(about: About) -> list[tuple[Labels, float]]:
    """Say zero of what has no labels: a counter that appears with its first event hides it."""
    return [] if about.labels else [((), 0.0)]


def _histogram(name: str, about: About, spans: Sequence[Spans]) -> HistogramMetricFamily:
    family = HistogramMetricFamily(name, f"{about.text}.", labels=about.labels)
    ends = [*(str(float(bound)) for bound in about.bounds), _LAST]
    for one in spans:
        rising = list(zip(ends, map(float, accumulate(one.buckets)), strict=True))
        family.add_metric(one.labels, buckets=rising, sum_value=one.total)
    return family


def _looked_up(family: Family) -> Written:
    metric = family.metric
    make = CounterMetricFamily if metric.kind is Kind.COUNTER else GaugeMetricFamily
    made = make(PREFIX + metric.name, f"{metric.text}.", labels=metric.labels)
    for labels, value in family.rows:
        made.add_metric(labels, value)
    return made
