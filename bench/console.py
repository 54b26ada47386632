"""``python -m bench.console``: does who looks at the console slow what is sent?

    python -m bench.console [--modems 16] [--latency 0.5] [--viewers 50] [--rate 200]

One gateway sends from a long queue; in turns nobody looks, and many do (`bench.visitors`). How many
messages the simulated network took is counted in its own log, turn by turn, and so is how long each
modem waited from one message's answer to the next message's PDU: that is the gateway's own time.
"""

from __future__ import annotations

import argparse
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Any, Final

from bench.harness import ROOT, House, wait_for
from bench.house import cpu_seconds, house, publisher

SETTLE: Final = 3.0
"""Seconds at the beginning of a turn that do not count."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """What was seen in a turn."""

    watched: bool
    rate: float
    """Messages a second that the network took."""
    waits: tuple[float, ...]
    """Seconds of each modem between two messages, less what the network itself took."""
    cores: float
    """That the gateway used."""
    visitors: dict[str, Any]


def main(words: Sequence[str] | None = None) -> None:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--modems", type=int, default=16)
    parser.add_argument("--latency", type=float, default=0.5)
    parser.add_argument("--viewers", type=int, default=50)
    parser.add_argument("--rate", type=float, default=200)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args(words)
    with TemporaryDirectory() as folder:
        turns = list(run(Path(folder), given))
    print(json.dumps({"options": vars(given), **figures(turns)}, indent=1))


def run(folder: Path, given: argparse.Namespace) -> Iterator[Turn]:
    """Send without an end, and yield what each turn saw."""
    port = free_port()
    console = f'[console]\nlisten = "127.0.0.1:{port}"\napi_rate = "unlimited"\n'
    with house(folder, given.modems, given.latency, more=console) as built:
        built.start()
        token = token_of(built)
        need = int(given.rounds * 2 * (given.seconds + 5) * given.modems / max(given.latency, 0.02))
        with publisher(built, need + 500) as store:
            store.when("accepted", 600)
            for number in range(2 * given.rounds):
                yield turn(built, f"http://127.0.0.1:{port}", token, given, watched=number % 2 == 1)


def turn(built: House, url: str, token: str, given: argparse.Namespace, *, watched: bool) -> Turn:
    """Let one turn pass."""
    gateway = built.gateway
    assert gateway is not None
    seconds = str(given.seconds + SETTLE)
    visitors = subprocess.Popen(
        [
            *(sys.executable, "-m", "bench.visitors", url, token, "--seconds", seconds),
            *("--viewers", str(given.viewers if watched else 0)),
            *("--rate", str(given.rate if watched else 0)),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    time.sleep(SETTLE)
    began, before = time.time(), cpu_seconds(gateway.pid)
    time.sleep(given.seconds)
    ended, after = time.time(), cpu_seconds(gateway.pid)
    said, _ = visitors.communicate(timeout=60)
    taken = [one for one in accepted(built) if began <= one[1] < ended]
    return Turn(
        watched=watched,
        rate=len(taken) / (ended - began),
        waits=tuple(waits(taken, given.latency)),
        cores=(after - before) / (ended - began),
        visitors=json.loads(said),
    )


def accepted(built: House) -> list[tuple[str, float]]:
    """Return by which modem and when the network took each message."""
    return [
        (entry["modem"], datetime.fromisoformat(entry["at"]).timestamp())
        for entry in built.log("accepted")
    ]


def waits(taken: list[tuple[str, float]], latency: float) -> Iterator[float]:
    """Yield the seconds between a modem's messages, less the network's own."""
    last: dict[str, float] = {}
    for modem, at in taken:
        if modem in last:
            yield max(0.0, at - last[modem] - latency)
        last[modem] = at


def figures(turns: Sequence[Turn]) -> dict[str, Any]:
    """Return what the turns say, with the ratio of the watched to the others."""
    sides = {
        name: [one for one in turns if one.watched is watched]
        for name, watched in (("alone", False), ("watched", True))
    }
    found = {name: _side(some) for name, some in sides.items()}
    ratio = found["watched"]["messages_per_second"] / found["alone"]["messages_per_second"]
    return {**found, "ratio": ratio, "visitors": [one.visitors for one in sides["watched"]]}


def _side(turns: Sequence[Turn]) -> dict[str, Any]:
    ordered = sorted(wait for one in turns for wait in one.waits) or [0.0]
    return {
        "messages_per_second": mean(one.rate for one in turns),
        "between_p50_ms": 1000 * ordered[len(ordered) // 2],
        "between_p99_ms": 1000 * ordered[int(len(ordered) * 0.99)],
        "cores": mean(one.cores for one in turns),
        "turns": [one.rate for one in turns],
    }


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def token_of(built: House) -> str:
    """Make a token that may read and send."""
    words = ("token", "add", "bench", "--scope", "read", "--scope", "send", "--json")
    made = built.run(*words, name="token")
    wait_for(lambda: made.ended, 30, "a token")
    token: str = json.loads(made.stdout.read_text())["token"]
    return token


if __name__ == "__main__":
    main()
