"""The links of one message: of its decision, its job and its person."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from gateway.commerce.deciding.occasion import Occasion
from gateway.commerce.deciding.ports import Shortens
from gateway.db.commerce.decisions import DecisionKey
from gateway.domain.ids import JobId


@dataclass(frozen=True, slots=True)
class Linking:
    """Makes the links of a message, in the transaction of its decision."""

    links: Shortens
    connection: Connection
    occasion: Occasion
    job: JobId
    decision: DecisionKey
    now: datetime

    def shorten(
        self,
        url: str,
        product: str | None = None,
        *,
        told: Collection[str],
        private: Collection[str],
    ) -> str:
        """Return what stands in the text for a URL.

        Args:
            url: where it is to lead.
            product: whose card it shows.
            told: URLs that the store told in its events.
            private: of these, those of pages that are the person's alone.

        Raises:
            ContentError: the URL may not be linked to.
        """
        return self.links.shorten(
            self.connection,
            url,
            store=self.occasion.store,
            decision_key=self.decision,
            job=self.job,
            person=self.occasion.person,
            campaign=self.occasion.campaign,
            level=self.occasion.message.tracking,
            product_id=product,
            expires_at=None,
            now=self.now,
            told=told,
            private=private,
        )

    def way_out(self) -> str | None:
        """Return what stands in the text for the page on which the person ends marketing."""
        return self.links.opt_out(
            self.connection,
            store=self.occasion.store,
            decision_key=self.decision,
            job=self.job,
            person=self.occasion.person,
            campaign=self.occasion.campaign,
            now=self.now,
        )
