"""``[backup]``: what keeps a box in service for years."""

from __future__ import annotations

from datetime import timedelta
from typing import Self

from pydantic import model_validator

from gateway.settings.places import Folder
from gateway.settings.section import Section
from gateway.settings.values import Length

MOST_KEPT = timedelta(days=90)
"""A copy holds persons who were erased since it was made; docs/privacy.md says so."""


class BackupSettings(Section):
    """``[backup]``: copies of the database that the gateway makes by itself."""

    dir: Folder | None = None
    """Where they go, best on another disk; None: none is made."""
    every: Length = timedelta(days=1)
    """How much time there is between two."""
    keep: Length = timedelta(days=30)
    """How old one grows; the newest stays."""

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if self.every < timedelta(minutes=1):
            raise ValueError('makes copies without a pause; write every = "1d"')
        if not self.every <= self.keep <= MOST_KEPT:
            raise ValueError(
                "keeps copies for less than the time between two, or for more than 90 days; "
                'write keep = "30d"'
            )
        return self
