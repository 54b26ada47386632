"""The instants before which something is too old to be kept.

How they are worked out is `gateway.consent.retention`; what is found by them is
`gateway.db.retention`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Cutoffs:
    """One for each class of `gateway.consent.datamap.Keep` that ends by itself; UTC."""

    now: datetime
    text: datetime
    delivery: datetime
    prospect: datetime
    evidence: datetime
    letters: datetime
    traces: datetime
    archive: datetime
    """Nothing of before goes by it: it moves into the archive."""
    scores: datetime
    strays: datetime
