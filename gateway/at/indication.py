"""Where a new message or report was stored: ``+CMTI``, ``+CDSI`` (3GPP TS 27.005 clause 3.4.1)."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.at.answer import fields, number


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
    if index is None:
        return None
    memory = told[0].upper() if len(told) > 1 and told[0].isalpha() else None
    return Slot(memory=memory, index=index)
