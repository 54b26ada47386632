"""The trace of a probe, kept until it is known what it is of and where it shall go."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from gateway.modem.probe.findings import Findings
from gateway.modem.trace.trace import write_source

LONGEST: Final = 4_000_000
"""Characters; a probe has some 20,000, a modem that floods the port has no end."""


class Notepad:
    """A `gateway.modem.trace.recorder.Sheet` in memory."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0

    def write(self, text: str) -> bool:
        """Keep lines, up to the bound."""
        if self._length < LONGEST:
            self._pieces.append(text)
            self._length += len(text)
        return False

    def close(self) -> None:
        """Do nothing: it is saved when the probe is over."""

    def save(self, file: Path | None, findings: Findings | None, port: str) -> Path | None:
        """Write the trace and return its file; nothing where nothing was said.

        Args:
            file: as asked for; None: by model and time, in the working directory.
            findings: what it is a trace of; None where the probe failed.
            port: where it was.

        Raises:
            OSError: it cannot be written.
        """
        if not self._pieces:
            return None
        now = datetime.now(UTC)
        model = findings.identity.model if findings is not None else ""
        slug = re.sub(r"[^A-Za-z0-9]+", "-", model).strip("-") or "unknown"
        target = file or Path(f"probe-{slug}-{now:%Y%m%dT%H%M%S}.txt")
        source = write_source(f"shopbell modem probe, {model or port}, {now:%Y-%m-%d %H:%M} UTC")
        target.write_text(source + "".join(self._pieces), encoding="utf-8")
        return target
