"""A quarter of a year of a shop with 20,000 customers, on a clock that jumps: figures and checks.

``python -m bench.quarter [--customers 20000] [--days 90] [--seed 1] [--pace 0.03]`` plays the
season of `tests/season` with the whole gateway but its serial ports and its broker, and prints one
JSON document: what was heard and sent, what it took of this process's CPU, what is wrong (nothing,
or the exit code is 1), and the lift of each experiment beside the true one.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import looptime
import structlog

from bench.harness import ROOT

EXPERIMENTS: Final = (("flow.abandoned-cart", "cart."), ("campaign.winter", "winter."))
"""Each with how the simulated customers' reactions to it begin."""


def main() -> int:
    """Play it."""
    assert ROOT  # the tests' packages are found from here on
    from season.lifts import worth_of
    from season.quarter import QUARTER, play

    given = _words().parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    plan = replace(
        QUARTER,
        customers=given.customers,
        days=given.days,
        pace=given.pace,
        seed=given.seed,
    )
    with TemporaryDirectory(dir=given.directory) as folder:
        played = _run(play(Path(folder), plan))
        lifts = {
            campaign: [
                asdict(one) | {"holds": one.holds} for one in worth_of(played, campaign, words)
            ]
            for campaign, words in EXPERIMENTS
        }
    wrong = played.checks.all()
    print(json.dumps(played.figures() | {"lifts": lifts, "wrong": wrong}, indent=1, default=str))
    return 1 if wrong else 0


def _run(work: Any) -> Any:
    loop = looptime.new_event_loop()
    try:
        return loop.run_until_complete(work)
    finally:
        loop.close()


def _words() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="python -m bench.quarter", description=__doc__)
    words.add_argument("--customers", type=int, default=20_000)
    words.add_argument("--days", type=int, default=90)
    words.add_argument("--pace", type=float, default=0.03, help="visits a day of the middle one")
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--directory", help="where the database is; default: the system's")
    return words


if __name__ == "__main__":
    sys.exit(main())
