"""The message reference that answers a submit: ``+CMGS`` (3GPP TS 27.005 clause 4.3)."""

from __future__ import annotations

from typing import Final

from gateway.at.answer import fields, number, values

_REFERENCES: Final = range(256)
"""TP-MR is one octet; modems that know none write -1 (MODEMS.md 2.8)."""


def read_reference(lines: tuple[str, ...]) -> int | None:
    """Return TP-MR of the last ``+CMGS`` line, or None when there is none or it names none."""
    told = values(lines, "+CMGS")
    reference = number(fields(told[-1])[0]) if told else None
    return reference if reference in _REFERENCES else None
