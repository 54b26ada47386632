"""``python -m bench``: measure the gateway, and its peers where they are installed."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.gammu import Gammu
from bench.gateway import PACE, run_backlog, run_paced, run_stream
from bench.harness import MOSQUITTO
from bench.machine import look_around
from bench.peer import Peer, run_peer
from bench.record import UncleanRunError
from bench.run import Run
from bench.smstools import Smstools
from bench.table import show

PEERS: tuple[Peer, ...] = (Gammu(), Smstools())

PEER_BANKS = {1: 20, 8: 48}
"""Messages for a peer, by modems: enough for a rate of few a second, and done within a minute."""

PER_RUN = {1: 1000, 8: 2000}
MOST = 4000
"""Messages for the gateway, by modems, and for every other number of modems."""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--modems", type=int, nargs="+", default=[1, 8, 64], metavar="N")
    parser.add_argument(
        "--messages", type=int, metavar="N", help="in each run of the gateway; default: by modems"
    )
    parser.add_argument("--peers", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    parser.add_argument(
        "--directory",
        type=Path,
        default=Path("/var/tmp"),  # noqa: S108 -- on a disk, where /tmp often is memory
        help="where the databases are; its fsync is what is measured (default: %(default)s)",
    )
    return parser.parse_args()


def _gateway_runs(options: argparse.Namespace, directory: Path) -> Iterator[Run]:
    for modems in options.modems:
        messages = options.messages or PER_RUN.get(modems, MOST)
        _say(f"shopbell: {messages} messages in a full queue, {modems} modems")
        yield run_backlog(directory, modems, messages)
    busiest = max(options.modems)
    messages = options.messages or PER_RUN.get(busiest, MOST)
    _say(f"shopbell: {messages} messages in a stream, {busiest} modems")
    yield run_stream(directory, busiest, messages)
    _say(f"shopbell: {PACE} messages a second")
    yield run_paced(directory, PACE * 10)


def _peer_runs(peers: list[Peer], directory: Path) -> Iterator[Run]:
    for peer in peers:
        for setting in peer.settings:
            for modems, messages in PEER_BANKS.items():
                _say(f"{peer.program} ({setting}): {messages} messages, {modems} modems")
                try:
                    yield run_peer(peer, setting, directory, modems, messages)
                except (AssertionError, UncleanRunError) as error:
                    _say(f"left out: {error}")


def _present(wanted: bool) -> list[Peer]:
    if not wanted:
        return []
    missing = [peer.program for peer in PEERS if not peer.installed]
    if missing:
        _say(f"not installed, left out: {', '.join(missing)}")
    return [peer for peer in PEERS if peer.installed]


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main() -> int:
    """Measure, print, and return the exit code."""
    options = _arguments()
    if MOSQUITTO is None:
        _say("mosquitto is not installed; on Debian: apt-get install mosquitto")
        return 1
    peers = _present(options.peers)
    with TemporaryDirectory(prefix="bench-", dir=options.directory) as private:
        directory = Path(private)
        machine = look_around(directory, {peer.program: peer.version for peer in peers})
        runs = [*_gateway_runs(options, directory), *_peer_runs(peers, directory)]
    show(machine, runs)
    if options.json is not None:
        figures = {"machine": asdict(machine), "runs": [asdict(run) for run in runs]}
        options.json.write_text(json.dumps(figures, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
