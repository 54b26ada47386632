"""A shop's ``segments.toml``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from gateway.commerce.segments.segment import Segment
from gateway.domain.errors import ContentError

FILE = "segments.toml"


def load_segments(folder: Path) -> tuple[Mapping[str, Segment], Sequence[ContentError]]:
    """Read the segments of a shop's folder.

    Args:
        folder: the shop's; without the file there are no segments.

    Returns:
        The segments by name, and what is wrong with those that are left out.
    """
    return {}, ()
