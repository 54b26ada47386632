"""``python -m bench [SUBJECT …]``: measure the gateway and its peers, and write the results."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.aims import Figure, rows, show
from bench.harness import MOSQUITTO, ROOT, program
from bench.machine import Machine, commit, look_around
from bench.options import Options
from bench.picture import draw, write
from bench.record import UncleanRunError
from bench.report import markdown
from bench.subjects.banks import few, full, paced
from bench.subjects.growth import grow
from bench.subjects.intake import intake
from bench.subjects.million import million
from bench.subjects.nodes import nodes
from bench.subjects.own_time import own_time
from bench.subjects.peers import PEERS, installed, peers

RESULTS: Final = ROOT / "bench" / "results"

SUBJECTS: Final[dict[str, Callable[[Options], list[Figure]]]] = {
    "own-time": own_time,
    "paced": paced,
    "full": full,
    "few": few,
    "intake": intake,
    "million": million,
    "nodes": nodes,
    "growth": grow,
    "peers": peers,
}
"""In the order in which they are run."""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "subjects",
        nargs="*",
        metavar="SUBJECT",
        help=f"what to measure: {', '.join(SUBJECTS)}; default: all",
    )
    parser.add_argument("--quick", action="store_true", help="small runs, to see that it works")
    parser.add_argument("--name", help="of the results; default: day and commit")
    parser.add_argument("--results", type=Path, default=RESULTS, help="default: %(default)s")
    parser.add_argument(
        "--directory",
        type=Path,
        default=Path("/var/tmp"),  # noqa: S108 -- on a disk, where /tmp often is memory
        help="where the databases are; its fsync is part of what is measured (%(default)s)",
    )
    options = parser.parse_args()
    unknown = set(options.subjects) - set(SUBJECTS)
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(SUBJECTS)}")
    return options


def _measure(name: str, options: Options) -> list[Figure]:
    """Measure one subject; one that fails does not take the others along."""
    began = time.monotonic()
    say(f"{name} ...")
    try:
        seen = SUBJECTS[name](options)
    except (AssertionError, UncleanRunError) as error:
        say(f"{name} gave no figures: {error}")
        return []
    for figure in seen:
        at = "" if figure.at is None else f" at {figure.at:,}"
        say(f"    {figure.key} {figure.program}{at}: {show(figure.value)} {figure.note}")
    say(f"    {time.monotonic() - began:.0f} s")
    return seen


def _leave_out(chosen: list[str]) -> list[str]:
    """Leave out what needs a program that is not installed, and say so."""
    missing = [peer.program for peer in PEERS if not peer.installed]
    if "peers" in chosen and missing:
        say(f"not installed, left out: {', '.join(missing)}")
    if "nodes" in chosen and program("initdb") is None:
        say("PostgreSQL is not installed: nodes left out; on Debian: apt-get install postgresql")
        chosen.remove("nodes")
    return chosen


def _keep(name: str, machine: Machine, figures: list[Figure], options: argparse.Namespace) -> None:
    folder: Path = options.results
    folder.mkdir(parents=True, exist_ok=True)
    command = shlex.join(["python", "-m", "bench", *sys.argv[1:]])
    page = markdown(name, machine, figures, command, quick=options.quick)
    (folder / f"{name}.md").write_text(page)
    content = {"machine": asdict(machine), "figures": [asdict(figure) for figure in figures]}
    (folder / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n")
    picture = write(
        draw(figures, f"Shopbell {machine.commit}, {machine.at}"), folder / f"{name}.html"
    )
    say(f"written: {folder / name}.md, .json and {picture.name}")


def say(line: str) -> None:
    """Tell whoever waits."""
    print(line, file=sys.stderr, flush=True)


def main() -> int:
    """Measure, write, and return the exit code: 1 where a subject gave no figures."""
    options = _arguments()
    if MOSQUITTO is None:
        say("mosquitto is not installed; on Debian: apt-get install mosquitto")
        return 1
    chosen = _leave_out(options.subjects or list(SUBJECTS))
    with TemporaryDirectory(prefix="bench-", dir=options.directory) as private:
        directory = Path(private)
        machine = look_around(directory, {peer.program: peer.version for peer in installed()})
        runs = Options(directory=directory, quick=options.quick)
        measured = [_measure(name, runs) for name in chosen]
    figures = [figure for seen in measured for figure in seen]
    machine = replace(machine, load_after=os.getloadavg()[0])
    _keep(options.name or f"{datetime.now(UTC):%Y-%m-%d}-{commit()}", machine, figures, options)
    for row in rows(figures):
        if row.ours is not None and row.verdict == "MISSED":
            say(f"MISSED: {row.measure.words}: {show(row.ours.value)}, {row.measure.aim}")
    return 0 if all(measured) else 1


if __name__ == "__main__":
    sys.exit(main())
