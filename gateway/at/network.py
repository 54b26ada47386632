"""The operator's name: ``+COPS?`` (3GPP TS 27.007 clause 7.3)."""

from __future__ import annotations

from gateway.at.answer import fields, values


def read_operator(lines: tuple[str, ...]) -> str | None:
    """Return the operator as the modem names it, or None when it names none."""
    for value in values(lines, "+COPS"):
        parts = fields(value)
        if len(parts) > 2 and parts[2]:
            return parts[2]
    return None
