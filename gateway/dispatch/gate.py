"""May this be sent? A port: asked at admission and again at the moment of handing over.

`dispatch` knows neither law nor campaigns; `gateway.app` fills the port.

It is asked inside the transaction that admits a job, and inside the one that commits the intent to
hand a part over. So a STOP that is committed before the intent wins, whatever else happens, and one
that is committed after it came too late for that part (COMPLIANCE.md K-10).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from gateway.domain.consent import Asked
from gateway.domain.verdict import Verdict


class Gate(Protocol):
    """Decides whether a store may write to a person for a purpose, and when."""

    def decide(self, connection: Connection, asked: Asked, now: datetime) -> Verdict:
        """Return what may be done.

        Args:
            connection: the transaction in which it is done, or is not.
            asked: who writes what to whom.
            now: the current instant, UTC.
        """
        ...

    def decide_all(
        self, connection: Connection, questions: Sequence[tuple[Asked, datetime]]
    ) -> list[Verdict]:
        """Return what `decide` would say to each, none of which bears on another.

        Args:
            connection: as of `decide`.
            questions: each with the instant that it is asked of.
        """
        ...
