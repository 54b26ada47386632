"""A million jobs queued: what a claim takes, how soon an `otp` overtakes them, and the memory.

The lines are at work on the million all the time, at a quarter of a second a message: a bank whose
next free line is some milliseconds away, on a machine that has time left.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Final

from bench.aims import Figure
from bench.figures import Distribution
from bench.fill import fill, make_database
from bench.harness import ROOT, House, Process, wait_for
from bench.house import house, network_log, resident_mb
from bench.options import Options
from bench.record import UncleanRunError, instant_of, read_events
from bench.store import TimedStore

QUEUED: Final = 1_000_000
LINES: Final = 64
LATENCY: Final = 0.25
CODES: Final = 200
"""`otp` published, one after the other."""
PAUSE: Final = 0.05
"""Seconds between two of them."""
WARM: Final = 256
"""Messages of the million that go out before the first."""


def million(options: Options) -> list[Figure]:
    """Start on a full database, let the lines work, publish codes, and look."""
    queued, codes = options.many(QUEUED), options.many(CODES, 20)
    with house(options.directory, LINES, LATENCY) as built:
        database, claims = built.directory / "shopbell.db", built.directory / "claims"
        make_database(database)
        fill(database, ended=0, waiting=queued)
        began = time.monotonic()
        gateway = _start(built, claims)
        ready = time.monotonic() - began
        _work(built, WARM)
        delays = _overtake(built, codes)
        memory = resident_mb(gateway.pid)
        _require_once(network_log(built))
        took = Distribution.of(map(float, claims.read_text().split()))
    told = Distribution.of(delays)
    assert took is not None
    assert told is not None
    return [
        Figure(key="million-claim", value=took.p99_ms, note=f"{took.count:,} rounds of the desk"),
        Figure(key="million-otp", value=told.p99_ms, note=f"{told.count} codes over {LINES} lines"),
        Figure(key="otp-median", value=told.median_ms),
        Figure(key="million-rss", value=memory, note="at most, resident"),
        Figure(key="million-start", value=ready),
    ]


def _start(built: House, claims: Path) -> Process:
    words = [sys.executable, "-m", "bench.clocked", str(claims), "run", "--config", built.config]
    environment = {"PYTHONPATH": str(ROOT)}
    built.gateway = gateway = Process(words, built.directory, "gateway", environment)
    gateway.wait_line("ready", 120)
    return gateway


def _work(built: House, messages: int) -> None:
    log = network_log(built)
    wait_for(
        lambda: log.exists() and log.read_bytes().count(b'"accepted"') >= messages,
        60,
        f"{messages} of the queue sent",
    )


def _overtake(built: House, codes: int) -> list[float]:
    """Publish codes; return for each the seconds until a modem had its PDU.

    The network writes a message down when it takes it, which is the latency after the PDU's end.
    """
    built.store.close()
    built.store = store = TimedStore(built.broker.port)
    for number in range(codes):
        time.sleep(PAUSE)
        store.order(number, purpose="otp", text=_code(number))
    store.await_told("sent", codes, 60)
    seen = {event.get("text"): event for event in read_events(network_log(built))}
    return [
        instant_of(seen[_code(number)]) - LATENCY - store.published[store.job(number)]
        for number in range(codes)
    ]


def _code(number: int) -> str:
    return f"{100_000 + number} is your code for bench {number}."


def _require_once(log: Path) -> None:
    texts = [event["text"] for event in read_events(log) if event["event"] == "accepted"]
    if len(set(texts)) != len(texts):
        raise UncleanRunError("something of the queue went out twice")
