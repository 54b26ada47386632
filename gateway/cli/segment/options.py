"""Which segment is meant: one of the shop's file, or a condition that is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from gateway.domain.errors import RejectedError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gateway.commerce.segments import Segment
    from gateway.domain.errors import ContentError
    from gateway.settings.model import StoreSettings

Name = Annotated[
    str | None, typer.Argument(metavar="[NAME]", help="Of a segment in the shop's segments.toml.")
]
Where = Annotated[
    str | None,
    typer.Option(metavar="SQL", help='A condition instead, such as "spend > 500".'),
]


def segments_of(
    store: StoreSettings,
) -> tuple[Mapping[str, Segment], Sequence[ContentError]]:
    """Return a store's segments, and what is wrong with others."""
    from gateway.commerce.segments import load_segments

    return load_segments(store.shop_dir) if store.shop_dir is not None else ({}, ())


def find_segment(store: StoreSettings, name: str | None, where: str | None) -> Segment:
    """Return the segment that is named, or typed.

    Raises:
        ContentError: it is wrong.
        RejectedError: there is none of that name.
    """
    from gateway.commerce.segments import Segment

    segments, faults = segments_of(store)
    if where is not None and name is None:
        return Segment.parse(where, known=segments)
    if name is None or where is not None:
        raise typer.BadParameter("give one of the two: the NAME of a segment, or --where SQL")
    if name in segments:
        return segments[name]
    for fault in faults:
        if fault.place is None or fault.place.partition(",")[0].partition(":")[0] == name:
            raise fault
    known = ", ".join(segments) or "none"
    reason = f"{store.name} has no segment {name!r}; it has {known}"
    raise RejectedError("unknown_segment", reason, field="NAME")
