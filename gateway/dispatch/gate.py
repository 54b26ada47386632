"""May this be sent? A port: asked at admission and again at the moment of handing over.

`dispatch` knows neither law nor campaigns; `gateway.app` fills the port.
"""

from __future__ import annotations

from typing import Protocol

from gateway.domain.errors import RejectedError
from gateway.domain.ids import JobId, StoreName
from gateway.domain.purpose import Purpose


class Gate(Protocol):
    """Decides whether a store may write to a person for a purpose."""

    def refusal(
        self, store: StoreName, recipient: str, purpose: Purpose, job: JobId
    ) -> RejectedError | None:
        """Return why not, or None when it may."""
        ...


class WithoutLedger:
    """The gate of a gateway that keeps no consent: nobody has consented, so no marketing."""

    def refusal(
        self, store: StoreName, recipient: str, purpose: Purpose, job: JobId
    ) -> RejectedError | None:
        """Refuse marketing; service messages need no consent on record."""
        if purpose is not Purpose.MARKETING:
            return None
        return RejectedError(
            "no_consent",
            "marketing needs this person's consent on record, and there is none",
            field="purpose",
            job=job,
        )
