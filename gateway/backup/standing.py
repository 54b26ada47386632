"""How the backups went that a gateway makes by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(kw_only=True, slots=True)
class BackupStanding:
    """Written by who makes them, read by who is asked."""

    failed_at: datetime | None = None
    """When the last one failed; None: it did not."""
    failure: str | None = None
    """Why."""
