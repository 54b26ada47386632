"""What it takes to give lines their work, and nothing else: CPU of a process in itself.

``python -m bench.desk [--waiting 5000,1000000] [--lines 1,64] [--claims 2000]`` has lines ask a
desk for one job after the other, which none of them sends. CPU of both threads counts, that of the
database among it; wall-clock time does not, as other programs may be at work.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.fill import fill, make_database
from gateway.consent.gate import ConsentGate
from gateway.consent.identity import Identities
from gateway.db import Database
from gateway.db.known_lines import KnownLines
from gateway.db.spent import SpentJobs
from gateway.dispatch import Context, DoubtPolicy
from gateway.dispatch.desk import Desk, Offer, Seat
from gateway.dispatch.pacing import Budget
from gateway.dispatch.settling import Holder
from gateway.dispatch.spending import Allowance
from gateway.domain.clock import SystemClock
from gateway.domain.ids import LineId, ModemName
from gateway.domain.line_state import LineState

KEYS: Final = (b"k" * 32,)


@dataclass(kw_only=True)
class Idler:
    """A line that takes what it is given and asks again."""

    holder: Holder
    context: Context
    left: list[int] = field(repr=False)
    """How many more claims are to be made, by all."""

    def offer(self) -> Offer:
        """Return that it has nothing to do."""
        return Offer(
            holder=self.holder,
            state=LineState(line=self.holder.line, modem=self.holder.modem),
            allowance=Allowance(budget=Budget(spans=self.context.spans())),
        )

    async def ask(self, seat: Seat) -> None:
        """Ask until enough was claimed."""
        while self.left[0] > 0:
            self.left[0] -= 1
            await seat.next()


async def claim(database: Database, lines: int, claims: int) -> float:
    """Return the CPU seconds that so many claims by so many lines took."""
    context = Context(
        database=database,
        clock=SystemClock(),
        node="box-1",
        zone=UTC,
        gate=ConsentGate(Identities(KEYS), []),
        policy=DoubtPolicy(),
        spent=SpentJobs(KEYS),
        known=KnownLines(KEYS),
    )
    desk, left, halted = Desk(context), [claims], asyncio.Event()
    before = time.process_time()
    async with asyncio.TaskGroup() as tasks:
        for number in range(lines):
            tasks.create_task(_serve(desk, _idler(context, left, number), halted))
    return time.process_time() - before


def _idler(context: Context, left: list[int], number: int) -> Idler:
    name = f"line-{number}"
    holder = Holder(node=context.node, line=LineId(name), modem=ModemName(name))
    return Idler(holder=holder, context=context, left=left)


async def _serve(desk: Desk, idler: Idler, halted: asyncio.Event) -> None:
    async with desk.seat(idler, halted) as seat:
        await idler.ask(seat)


async def measure(path: Path, lines: Sequence[int], claims: int) -> dict[int, float]:
    """Return the CPU seconds of a thousand claims, by number of lines."""
    async with Database.open(f"sqlite:///{path}") as database:
        await claim(database, 1, 50)  # statements are compiled
        return {many: await claim(database, many, claims) / claims * 1000 for many in lines}


def main() -> None:
    """Print a line for each number of jobs and lines."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--waiting", default="5000,1000000")
    words.add_argument("--lines", default="1,64")
    words.add_argument("--claims", type=int, default=2000)
    given = words.parse_args()
    lines = [int(many) for many in given.lines.split(",")]
    for waiting in map(int, given.waiting.split(",")):
        with TemporaryDirectory() as folder:
            path = Path(folder) / "shopbell.db"
            make_database(path)
            fill(path, ended=0, waiting=waiting)
            for many, seconds in asyncio.run(measure(path, lines, given.claims)).items():
                print(
                    f"{waiting:>9,} waiting, {many:>3} lines: {seconds:.3f} s of CPU / 1,000 claims"
                )


if __name__ == "__main__":
    main()
