"""A shop's ``segments.toml``: each key is a segment, its condition or a table with one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from gateway.commerce.segments.segment import Segment
from gateway.domain.content import Fields, read_content, standing_in
from gateway.domain.errors import ContentError

FILE: Final = "segments.toml"
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


def load_segments(folder: Path) -> tuple[Mapping[str, Segment], Sequence[ContentError]]:
    """Read the segments of a shop's folder.

    Args:
        folder: the shop's; without the file there are no segments.

    Returns:
        The segments by name, in the order of the file, and what is wrong with those that are left
        out.
    """
    file = folder / FILE
    if not file.exists():
        return {}, ()
    try:
        with standing_in(file):
            segments, faults = parse_segments(read_content(file))
    except ContentError as error:
        return {}, (error,)
    return segments, [ContentError(one.reason, file=file, place=one.place) for one in faults]


def parse_segments(text: str) -> tuple[Mapping[str, Segment], Sequence[ContentError]]:
    """Read the segments of a file, each on its own; see `load_segments`.

    Raises:
        ContentError: it is no TOML.
    """
    fields = Fields.of(text)
    written: dict[str, _Written] = {}
    faults: list[ContentError] = []
    for name in fields.keys():  # noqa: SIM118 -- a method of a table's
        try:
            written[name] = _written(fields, name)
        except ContentError as error:
            faults.append(error)
    reader = _Reader(written)
    for name in written:
        reader.read(name)
    return {name: reader.read_[name] for name in written if name in reader.read_}, [
        *faults,
        *reader.faults.values(),
    ]


@dataclass(frozen=True, slots=True)
class _Written:
    where: str
    about: str | None = None


def _written(fields: Fields, name: str) -> _Written:
    if not _NAME.fullmatch(name):
        raise ContentError("is no name; right: small letters, digits, - and _", place=name)
    if isinstance(fields.get(name), str):
        return _Written(fields.required(name, "spend > 500"))
    table = fields.table(name)
    if table is None:
        raise fields.fault(name, "is no segment")
    written = _Written(table.required("where", "spend > 500"), table.text("about"))
    table.end()
    return written


@dataclass(slots=True)
class _Reader:
    """Reads each segment after those that it uses."""

    written: Mapping[str, _Written]
    read_: dict[str, Segment] = field(default_factory=dict)
    faults: dict[str, ContentError] = field(default_factory=dict)
    _under_way: list[str] = field(default_factory=list)

    def read(self, name: str) -> None:
        """Read a segment, unless that was done or tried before."""
        if name in self.read_ or name in self.faults:
            return
        self._under_way.append(name)
        try:
            self.read_[name] = self._segment(name, self.written[name])
        except ContentError as error:
            place = f"{name}, {error.place}" if error.place else name
            self.faults[name] = ContentError(error.reason, place=place)
        finally:
            self._under_way.pop()

    def _segment(self, name: str, written: _Written) -> Segment:
        from gateway.commerce.segments.reading import names_in

        for used in names_in(written.where, self.written):
            self._use(used)
        return Segment.parse(written.where, name=name, known=self.read_, about=written.about)

    def _use(self, used: str) -> None:
        if used in self._under_way:
            circle = [*self._under_way[self._under_way.index(used) :], used]
            raise ContentError(f"goes in a circle: {' uses '.join(circle)}")
        self.read(used)
        if used in self.faults:
            raise ContentError(f"uses {used!r}, which is wrong itself")
