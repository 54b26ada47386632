"""What is measured, and what is to be reached: the table of the issue as data. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

PROGRAM: Final = "shopbell"
FLOOR: Final = "bare AT loop"


@dataclass(frozen=True, kw_only=True, slots=True)
class Measure:
    """Something that is measured, and its bound where there is one."""

    key: str
    words: str
    unit: str
    bound: float | None = None
    at_most: bool = True
    """Whether less is better."""
    slack: float = 0.0
    """Part of the bound that is not worth a word."""

    def reached(self, value: float) -> bool | None:
        """Tell whether a value is good enough; None where nothing is to be reached."""
        if self.bound is None:
            return None
        return value <= self.bound if self.at_most else value >= self.bound

    def progress(self, value: float) -> float | None:
        """Return how far a value is from the bound: from 1 on it is reached, 2 is twice as good."""
        if self.bound is None or value <= 0:
            return None
        return self.bound / value if self.at_most else value / self.bound

    @property
    def aim(self) -> str:
        """What is to be reached, in words; empty where there is nothing."""
        if self.bound is None:
            return ""
        return (
            f"{'at most' if self.at_most else 'at least'} {show(self.bound)} {self.unit}".rstrip()
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """One value that a program was seen with."""

    key: str
    """Of its `Measure`."""
    value: float
    program: str = PROGRAM
    at: int | None = None
    """How many jobs were stored, where that is what is varied."""
    note: str = ""


MEASURES: Final = (
    Measure(key="own-median", words="own time a message and line, median", unit="ms", bound=3),
    Measure(key="own-p99", words="own time a message and line, p99", unit="ms", bound=15),
    Measure(
        key="paced-share",
        words="64 lines at 3 s a message: share of the ideal throughput",
        unit="%",
        bound=99,
        at_most=False,
    ),
    Measure(
        key="paced-core", words="64 lines at 3 s a message: share of one core", unit="%", bound=25
    ),
    Measure(
        key="full-rate",
        words="64 lines without latency, durable, reports on",
        unit="messages/s",
        bound=1000,
        at_most=False,
    ),
    Measure(
        key="intake-rate",
        words="intake over Mosquitto, durable",
        unit="jobs/s",
        bound=3000,
        at_most=False,
    ),
    Measure(key="million-claim", words="1,000,000 jobs queued: claim, p99", unit="ms", bound=5),
    Measure(
        key="million-otp",
        words="1,000,000 jobs queued: `otp` from publish to PDU, p99",
        unit="ms",
        bound=100,
    ),
    Measure(key="million-rss", words="1,000,000 jobs queued: memory", unit="MB", bound=200),
    Measure(
        key="nodes-lines",
        words="two nodes on PostgreSQL, where the lines are the limit",
        unit="times one node's",
        bound=1.7,
        at_most=False,
    ),
    Measure(
        key="growth",
        words="cost of the n-th job, 10 million stored against 1 thousand",
        unit="times",
        bound=1.25,
    ),
    # Beside what is to be reached.
    Measure(
        key="nodes-cores", words="two nodes on PostgreSQL, without latency", unit="times one's"
    ),
    Measure(key="nodes-one", words="one node on PostgreSQL, without latency", unit="messages/s"),
    Measure(key="full-whole", words="64 lines: the same with start and end", unit="messages/s"),
    Measure(
        key="full-cpu", words="64 lines without latency: CPU of the gateway", unit="ms/message"
    ),
    Measure(key="full-simulator", words="64 lines: CPU of the simulator", unit="ms/message"),
    Measure(key="intake-cpu", words="intake: CPU of the gateway", unit="ms/job"),
    Measure(key="otp-median", words="`otp` among a million, median", unit="ms"),
    Measure(key="million-start", words="a start with a million jobs queued: to ready", unit="s"),
    Measure(key="job-cost", words="CPU of the gateway for one job, by jobs stored", unit="ms"),
    Measure(key="start-cpu", words="a start, with a database that is there: CPU", unit="s"),
    Measure(key="bank-rate", words="8 lines without latency", unit="messages/s"),
)
"""In the order of the table."""

BY_KEY: Final = {measure.key: measure for measure in MEASURES}


def show(value: float) -> str:
    """Return a figure with three digits, and thousands apart."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One measure with all that was seen of it."""

    measure: Measure
    ours: Figure | None
    others: tuple[Figure, ...]

    @property
    def verdict(self) -> str:
        """Whether it is reached, in a word."""
        if self.measure.bound is None:
            return ""
        if self.ours is None:
            return "not measured"
        return "reached" if self.measure.reached(self.ours.value) else "MISSED"

    def ratio(self, other: Figure) -> float:
        """Return how many times as good ours is as another program's."""
        if self.ours is None or not self.ours.value or not other.value:
            return float("nan")
        quotient = other.value / self.ours.value
        return quotient if self.measure.at_most else 1 / quotient


def rows(figures: Iterable[Figure]) -> Iterator[Row]:
    """Bring figures into the order of the table.

    Of measures that have no bound, those are left out of which nothing is known.
    """
    seen = list(figures)
    for measure in MEASURES:
        of_it = [figure for figure in seen if figure.key == measure.key and figure.at is None]
        ours = next((figure for figure in of_it if figure.program == PROGRAM), None)
        others = tuple(figure for figure in of_it if figure.program != PROGRAM)
        if of_it or measure.bound is not None:
            yield Row(measure=measure, ours=ours, others=others)


def growth(figures: Iterable[Figure]) -> Figure | None:
    """Return what the job with the most stored costs against that with the fewest."""
    costs = sorted(
        (figure.at, figure.value)
        for figure in figures
        if figure.key == "job-cost" and figure.at is not None
    )
    if len(costs) < 2:
        return None
    (fewest, least), (most, last) = costs[0], costs[-1]
    return Figure(key="growth", value=last / least, note=f"{most:,} against {fewest:,} stored")
