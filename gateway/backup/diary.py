"""What a restored copy must not forget, in a folder beside the database: one file a day.

It is written from the database within a second, and never by who sends. A line is a JSON object:
a job that was handed over, by keyed fingerprints as `gateway.db.spent` has them; or what a person
took back, by pseudonym. Nothing in it tells a number, a text or a job's own name. A line that is
there twice says nothing new; a last line that is half there is left out.

How far it has come stands in a file beside them (`Cursor`), with the epoch of the database: by it a
database is recognised that has gone back in time, whoever put it there.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from gateway.db.console.happened import Marks
from gateway.domain.consent import Action
from gateway.domain.ids import LineId, PersonId, StoreName
from gateway.domain.job import format_instant

KEPT: Final = timedelta(days=92)
"""As long as the oldest backup may be kept, and two days."""

_CURSOR: Final = "cursor.json"
_SUFFIX: Final = ".jsonl"


@dataclass(frozen=True, kw_only=True, slots=True)
class Handed:
    """A job of which something was handed over."""

    epoch: str
    key: int
    """Of the attempt, in that epoch."""
    at: datetime
    store: StoreName
    name: str
    """Fingerprint of the job's id."""
    digest: str
    """Fingerprint of what was asked for."""
    seq: int
    parts: int
    line: LineId


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """What a person took back."""

    epoch: str
    key: int
    """Of the event in the ledger, in that epoch."""
    at: datetime
    """When the person did it."""
    recorded_at: datetime
    store: StoreName
    person: PersonId
    purpose: str
    action: Action


@dataclass(frozen=True, kw_only=True, slots=True)
class Cursor:
    """How far the diary has come."""

    epoch: str
    marks: Marks


class Diary:
    """The folder.

    Args:
        folder: it is made when there is something to write.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def cursor(self) -> Cursor | None:
        """Return how far it has come; None where that is not known."""
        try:
            said = json.loads((self.folder / _CURSOR).read_text("utf-8"))
            marks = Marks(attempts=int(said["attempts"]), consents=int(said["consents"]))
            return Cursor(epoch=str(said["epoch"]), marks=marks)
        except (OSError, ValueError, KeyError, TypeError):  # none yet, or torn by a power cut
            return None

    def advance(self, cursor: Cursor) -> None:
        """Write how far it has come; what was written before is on the disk by then."""
        self._make()
        said = {"epoch": cursor.epoch, **asdict(cursor.marks)}
        draft = self.folder / f".{_CURSOR}.{os.getpid()}"
        draft.write_text(json.dumps(said), encoding="utf-8")
        draft.replace(self.folder / _CURSOR)

    def write(self, entries: Iterable[Handed | Refused], today: date) -> None:
        """Add entries to the file of a day (UTC), down to the disk.

        Raises:
            OSError: it cannot be written.
        """
        lines = "".join(f"{json.dumps(_said(entry))}\n" for entry in entries)
        if not lines:
            return
        self._make()
        file = self.folder / f"{today.isoformat()}{_SUFFIX}"
        descriptor = os.open(file, os.O_CREAT | os.O_APPEND | os.O_RDWR, 0o600)
        with os.fdopen(descriptor, "r+b") as sink:
            sink.write(_line_end(sink) + lines.encode())
            sink.flush()
            os.fsync(sink.fileno())

    def read(self) -> Iterator[Handed | Refused]:
        """Yield all that is in it, in the order in which it was written."""
        for file in self._days():
            with file.open(encoding="utf-8", errors="replace") as source:
                for line in source:
                    entry = _entry(line)
                    if entry is not None:
                        yield entry

    @property
    def began_on(self) -> date | None:
        """The first day (UTC) of which there is a file."""
        return next((_day_of(file) for file in self._days()), None)

    def prune(self, today: date) -> int:
        """Remove what is older than any backup; return how many days went."""
        old = [file for file in self._days() if today - _day_of(file) > KEPT]
        for file in old:
            file.unlink(missing_ok=True)
        return len(old)

    def _days(self) -> list[Path]:
        files = self.folder.glob(f"*{_SUFFIX}") if self.folder.is_dir() else ()
        return sorted(file for file in files if _is_day(file))

    def _make(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _line_end(sink: Any) -> bytes:
    """Return what ends a line that a power cut left half written; nothing where none is."""
    if sink.seek(0, os.SEEK_END) == 0:
        return b""
    sink.seek(-1, os.SEEK_END)
    return b"" if sink.read(1) == b"\n" else b"\n"


def _is_day(file: Path) -> bool:
    with suppress(ValueError):
        return bool(_day_of(file))
    return False


def _day_of(file: Path) -> date:
    return date.fromisoformat(file.name.removesuffix(_SUFFIX))


def _said(entry: Handed | Refused) -> Mapping[str, object]:
    said = asdict(entry)
    return {
        name: format_instant(value) if isinstance(value, datetime) else value
        for name, value in said.items()
    }


def _entry(line: str) -> Handed | Refused | None:
    """Read a line; None for one that is half there."""
    try:
        said = json.loads(line)
        said["at"] = _instant(said["at"])
        if "person" not in said:
            return Handed(**said)
        said["recorded_at"] = _instant(said["recorded_at"])
        said["action"] = Action(said["action"])
        return Refused(**said)
    except (ValueError, KeyError, TypeError):
        return None


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
