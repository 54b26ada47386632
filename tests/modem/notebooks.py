"""Notebooks without a database: one that keeps, one that has broken down."""

from __future__ import annotations

import json
from collections.abc import Mapping

from gateway.domain.clock import SystemClock
from gateway.domain.errors import StorageError
from gateway.domain.ids import ModemName
from gateway.modem.alarms import Alarms
from gateway.modem.known.notebook import Notebook, Notes
from gateway.modem.memory import Memory


class PaperNotebook:
    """Outlives the `Notes` of a process, as the database does; holds nothing but JSON."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.writes = 0

    async def read(self, subject: str) -> Mapping[str, object]:
        facts: Mapping[str, object] = json.loads(self.pages.get(subject, "{}"))
        return facts

    async def write(self, subject: str, facts: Mapping[str, object]) -> None:
        self.writes += 1
        self.pages[subject] = json.dumps(dict(facts))


class BrokenNotebook:
    """A database whose disk is gone."""

    async def read(self, subject: str) -> Mapping[str, object]:
        raise StorageError("the disk is gone")

    async def write(self, subject: str, facts: Mapping[str, object]) -> None:
        raise StorageError("the disk is gone")


def new_process(notebook: Notebook, name: str = "m0") -> Memory:
    """What a modem's supervisor begins with in a process that was just started."""
    modem = ModemName(name)
    return Memory(alarms=Alarms(modem, SystemClock()), notes=Notes(notebook))
