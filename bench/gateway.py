"""Shopbell on the bench: the whole gateway as a process, a real broker, a store in this process."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.harness import House
from bench.record import read_record
from bench.run import BANK, Run, run_of
from bench.store import TimedStore

PROGRAM = "shopbell"

SLOWEST = 10
"""Messages a second below which a run is given up."""

PACE = 20
"""Jobs a second of the paced run: far below what is possible, so that nothing waits in a queue."""

PACED_MODEMS = 8

STATES = ("accepted", "sent", "delivered")


def run_backlog(directory: Path, modems: int, messages: int) -> Run:
    """Fill the queue while no modem is there, then plug all of them in at once."""
    patience = 30 + messages / SLOWEST
    with _house(directory, modems) as (house, store):
        house.bank.ask(do="unplug")
        gateway = house.start()
        began = time.time()
        for number in range(messages):
            store.order(number)
        store.await_told("accepted", messages, patience)
        intake = messages / (max(store.arrived["accepted"].values()) - began)
        spent = cpu_seconds(gateway.pid)
        house.bank.ask(do="return")
        store.await_told("delivered", messages, patience)
        spent = cpu_seconds(gateway.pid) - spent
        record = read_record(house.bank.directory / "log.jsonl", messages)
    return run_of(
        record,
        PROGRAM,
        "full queue",
        modems,
        cpu_per_1000=spent / messages * 1000,
        intake_per_second=intake,
    )


def run_stream(directory: Path, modems: int, messages: int) -> Run:
    """Publish as quickly as the broker takes it, while the modems are sending."""
    with _house(directory, modems) as (house, store):
        gateway = house.start()
        spent = cpu_seconds(gateway.pid)
        for number in range(messages):
            store.order(number)
        store.await_told("delivered", messages, 30 + messages / SLOWEST)
        spent = cpu_seconds(gateway.pid) - spent
        record = read_record(house.bank.directory / "log.jsonl", messages)
    return run_of(record, PROGRAM, "stream", modems, cpu_per_1000=spent / messages * 1000)


def run_paced(directory: Path, messages: int) -> Run:
    """Publish one job after the other, slowly, and see how soon its store is told."""
    with _house(directory, PACED_MODEMS) as (house, store):
        house.start()
        began = time.monotonic()
        for number in range(messages):
            time.sleep(max(0.0, began + number / PACE - time.monotonic()))
            store.order(number)
        store.await_told("delivered", messages, 30)
        told = {state: latency for state in STATES if (latency := store.latency(state))}
        record = read_record(house.bank.directory / "log.jsonl", messages)
    paced = run_of(record, PROGRAM, f"{PACE} jobs/s", PACED_MODEMS, told=told)
    return replace(paced, interval=None)  # the store's own pauses


@contextmanager
def _house(directory: Path, modems: int) -> Iterator[tuple[House, TimedStore]]:
    with (
        TemporaryDirectory(dir=directory) as private,
        House(Path(private), modems=modems, simulator=BANK) as house,
    ):
        house.store.close()
        house.store = store = TimedStore(house.broker.port)
        yield house, store


def cpu_seconds(pid: int) -> float:
    """Return the CPU time that a process has used, user and system (proc(5), ``stat``)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
