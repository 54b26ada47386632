"""The gateway's own time a message and line: one line, a full queue, a modem without latency."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.aims import FLOOR, PROGRAM, Figure
from bench.harness import ROOT, Simulator
from bench.house import bank, house, network_log, plug_in, publisher, unplug
from bench.options import Options
from bench.record import Record, read_record

MESSAGES = 1500
SLOWEST = 20


def own_time(options: Options) -> list[Figure]:
    """Measure it, and the floor: the same messages to the same modem by bare AT commands."""
    messages = options.many(MESSAGES, 50)
    return [
        *_told(PROGRAM, _gateway(options, messages)),
        *_told(FLOOR, _bare(options.directory, messages)),
    ]


def _gateway(options: Options, messages: int) -> Record:
    patience = options.patience(messages, SLOWEST)
    with house(options.directory, 1) as built:
        unplug(built)
        built.start()
        with publisher(built, messages) as store:
            store.when("accepted", patience)
            plug_in(built)
            store.when("delivered", patience)
        return read_record(network_log(built), messages)


def _bare(directory: Path, messages: int) -> Record:
    with TemporaryDirectory(dir=directory) as private:
        simulator = Simulator(Path(private) / "bank", 1, *bank())
        try:
            command = [sys.executable, "-m", "bench.bare", str(messages), str(simulator.port(0))]
            subprocess.run(command, check=True, cwd=ROOT)
            return read_record(simulator.directory / "log.jsonl", messages)
        finally:
            simulator.close()


def _told(program: str, record: Record) -> list[Figure]:
    interval = record.interval()
    assert interval is not None
    note = f"{record.messages:,} messages"
    return [
        Figure(key="own-median", value=interval.median_ms, program=program, note=note),
        Figure(key="own-p99", value=interval.p99_ms, program=program, note=note),
    ]
