"""Where a new message or report was stored: ``+CMTI``, ``+CDSI`` (3GPP TS 27.005 clause 3.4.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gateway.at.answer import fields, number
from gateway.at.storage import read_memory

INDEX_MAX: Final = 65_535
"""The highest place that is believed; sticks have up to 500, phones some thousand."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """A place in a storage."""

    memory: str | None
    """Such as ``SM``; None when the modem gives it as a number or not at all (MODEMS.md 4.2)."""
    index: int


def read_slot(text: str) -> Slot | None:
    """Return the place that an indication names, or None when it names none."""
    told = fields(text.partition(":")[2])
    index = number(told[-1])
    if index is None or index > INDEX_MAX:
        return None
    return Slot(memory=read_memory(told[0]) if len(told) > 1 else None, index=index)
