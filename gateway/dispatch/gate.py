"""May this be sent? A port: asked at admission and again at the moment of handing over.

`dispatch` knows neither law nor campaigns; `gateway.app` fills the port.

It is asked inside the transaction that admits a job, and inside the one that commits the intent to
hand a part over. So a STOP that is committed before the intent wins, whatever else happens, and one
that is committed after it came too late for that part.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from gateway.domain.consent import Asked
from gateway.domain.errors import RejectedError
from gateway.domain.verdict import Allowed, Forbidden, Verdict


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


class WithoutLedger:
    """The gate of a gateway that keeps no consent: nobody has consented, so no marketing."""

    def decide(self, connection: Connection, asked: Asked, now: datetime) -> Verdict:
        """Refuse marketing; service messages need no consent on record."""
        return Allowed() if asked.is_service else Forbidden(error=no_consent(asked))


def no_consent(asked: Asked) -> RejectedError:
    """Return what a store is told where there is no consent on record."""
    return RejectedError(
        "no_consent",
        "marketing needs this person's consent on record, and there is none",
        field="purpose",
        job=asked.job,
    )
