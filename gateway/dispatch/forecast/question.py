"""What a forecast is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.domain.consent import Scope
from gateway.domain.ids import StoreName
from gateway.domain.job import NEVER
from gateway.domain.purpose import Purpose


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """A text to many persons; what would become of it?"""

    store: StoreName
    country: str
    """In which national numbers are read; ISO 3166 alpha-2."""
    purpose: Purpose
    text: str
    recipients: Sequence[str]
    """Numbers as the store writes them; one that comes twice is written to once."""
    scope: Scope | None = None
    category: str | None = None
    each: int = 1
    """Persons that each number stands for, where they are a sample of very many."""
    campaign: str = ""
    starts_at: datetime | None = None
    """Nothing goes before it; None: at once. UTC."""
    expires_at: datetime = NEVER
    """Nothing goes from then on; UTC."""
