"""The end of trace files: when they are old, or when somebody is found in one after all.

Numbers never get into a trace as they are (`gateway.modem.trace.redaction`); that one did would be
a fault of ours, and an erasure looks for it all the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from gateway.domain.spelling import Spelling


class TraceFiles:
    """The files of a folder of traces.

    Args:
        folder: where they are; it need not be there.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def forget(self, spelling: Spelling) -> int:
        """Delete the files that hold a number; return how many."""
        return await asyncio.to_thread(self._forget, spelling)

    async def age(self, before: datetime, go: bool) -> int:
        """Count the files that were last written before an instant; delete them if they may go."""
        return await asyncio.to_thread(self._age, before, go=go)

    def _forget(self, spelling: Spelling) -> int:
        found = [file for file in self._files() if spelling.is_in(file.read_bytes())]
        for file in found:
            file.unlink(missing_ok=True)
        return len(found)

    def _age(self, before: datetime, *, go: bool) -> int:
        old = [file for file in self._files() if file.stat().st_mtime < before.timestamp()]
        for file in old if go else ():
            file.unlink(missing_ok=True)
        return len(old)

    def _files(self) -> Iterator[Path]:
        return (file for file in self._folder.glob("*") if file.is_file())
