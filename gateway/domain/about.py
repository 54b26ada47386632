"""Whom something that a store tells is about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """Whom an event is about, as far as it says."""

    phone: str | None = None
    """As the store writes it; admission makes it E.164."""
    customer: str | None = None
    """What the store calls the person."""
