"""What a person's message is about: what it answers, down to the flow and the order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection

from gateway.db.commerce.decisions import decision_of_job
from gateway.db.commerce.flow_runs import find_run
from gateway.domain.ids import Campaign, JobId, StoreName

_FLOW: Final = "flow."


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """What was answered."""

    store: StoreName
    job: JobId
    campaign: Campaign | None = None
    """The flow or the campaign; None where the store asked for the message."""
    subject: Mapping[str, Any] = field(default_factory=dict)
    """The ids that the message was about, such as ``order_id``."""

    @property
    def order(self) -> str | None:
        """The order that the message was about."""
        found = self.subject.get("order_id")
        return None if found is None else str(found)


def about_of(connection: Connection, answered: tuple[StoreName, JobId]) -> About:
    """Return what a message answers, as far as the decision behind it tells."""
    store, job = answered
    decision = decision_of_job(connection, store, job)
    if decision is None:
        return About(store=store, job=job)
    flow = decision.campaign.removeprefix(_FLOW)
    run = None
    if flow != decision.campaign:
        run = find_run(connection, store, flow, decision.trigger)
    subject = {} if run is None else run.subject
    return About(store=store, job=job, campaign=decision.campaign, subject=subject)
