"""The cost of the n-th job: the gateway's CPU for one, with more and more of them stored.

Of what is stored, nine of ten were delivered and one waits. The jobs that are measured are `otp`,
so that they go out before those; they run the whole way: intake, claim, modem, report, statuses.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bench.aims import Figure, growth, show
from bench.fill import fill, make_database
from bench.harness import House
from bench.house import cpu_seconds, house, publisher
from bench.options import Options

STORED: Final = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
JOBS: Final = 1500
WAITING: Final = 10
"""One of so many waits."""
LINES: Final = 8
SLOWEST: Final = 20


def grow(options: Options) -> list[Figure]:
    """Measure with a thousand jobs stored, then with ten times as many, and so on."""
    sizes = STORED[:3] if options.quick else STORED
    figures = [figure for stored in sizes for figure in _costs(options, stored)]
    overall = growth(figures)
    return figures if overall is None else [*figures, overall]


def _costs(options: Options, stored: int) -> Iterator[Figure]:
    jobs = options.many(JOBS, 100)
    with house(options.directory, LINES) as built:
        database = built.directory / "shopbell.db"
        make_database(database)
        fill(database, ended=stored - stored // WAITING, waiting=stored // WAITING)
        start, each = _run(built, jobs, options.patience(jobs, SLOWEST))
        note = f"{database.stat().st_size / 1e6:,.0f} MB, start {show(start)} s of CPU"
        yield Figure(key="job-cost", value=1000 * each, at=stored, note=note)


def _run(built: House, jobs: int, patience: float) -> tuple[float, float]:
    """Return the CPU seconds of the start, and of one job from then on."""
    built.bank.ask(do="unplug")
    gateway = built.start()
    start = cpu_seconds(gateway.pid)
    with publisher(built, jobs, "--purpose", "otp") as store:
        store.when("accepted", patience)
        built.bank.ask(do="return")
        store.when("delivered", patience)
        used = cpu_seconds(gateway.pid) - start
    return start, used / jobs
