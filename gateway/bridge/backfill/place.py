"""How far a file was brought in, kept beside it: who interrupts goes on from there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(kw_only=True)
class Place:
    """A place in a file; each lot that is committed moves it on.

    What is taken twice, where the process ended between the two, is one event all the same.
    """

    digest: str
    """Of the file and of how it is read: another file of the name begins anew."""
    line: int = 0
    """The last line that was brought in."""
    rows: int = 0
    events: int = 0
    passed_over: int = 0
    refused: int = 0

    @staticmethod
    def beside(file: Path) -> Path:
        """Return where the place of a file is kept."""
        return file.with_name(f"{file.name}.backfill")

    @classmethod
    def load(cls, file: Path, digest: str) -> Place:
        """Return the place where an earlier run of the same file ended, else its beginning."""
        try:
            known = json.loads(cls.beside(file).read_text(encoding="utf-8"))
            place = cls(**known) if isinstance(known, Mapping) else cls(digest=digest)
        except (OSError, ValueError, TypeError):
            return cls(digest=digest)
        return place if place.digest == digest else cls(digest=digest)

    def save(self, file: Path) -> None:
        """Write it, whole or not at all.

        Raises:
            OSError: it cannot be written.
        """
        path = self.beside(file)
        new = path.with_name(f"{path.name}.new")
        new.write_text(json.dumps(asdict(self)), encoding="utf-8")
        new.replace(path)

    def forget(self, file: Path) -> None:
        """Take it away: the file was brought in to its end."""
        self.beside(file).unlink(missing_ok=True)
