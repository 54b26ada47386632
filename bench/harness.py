"""The harness of the tests, which is the bench's as well: one way to build a house, not two.

It is no installed package, so that its folder has to be named here.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

for folder in (ROOT, ROOT / "tests"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from support.broker import MOSQUITTO  # noqa: E402
from support.house import House  # noqa: E402
from support.postgres import Postgres, program  # noqa: E402
from support.processes import Process, Simulator, wait_for  # noqa: E402
from support.store import Store  # noqa: E402

__all__ = [
    "MOSQUITTO",
    "ROOT",
    "House",
    "Postgres",
    "Process",
    "Simulator",
    "Store",
    "program",
    "wait_for",
]
