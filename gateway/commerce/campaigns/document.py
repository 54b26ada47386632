"""Campaigns for programs: on file, before the launch and under way, each as one JSON object."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

from gateway.commerce.campaigns.outlook import Outlook, require_in_time, require_lines
from gateway.commerce.campaigns.progress import Progress
from gateway.commerce.campaigns.spec import Spec
from gateway.commerce.experiments.power import detectable, needed
from gateway.db.commerce.campaigns import CampaignRecord
from gateway.dispatch.forecast.document import forecast_document
from gateway.domain.ids import StoreName
from gateway.domain.job import NEVER

BASELINE: Final = 0.05
"""Who buys without a message, where nobody says otherwise."""

LIFT: Final = 0.10
"""By how much that shall rise."""

Document = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Looked:
    """A campaign, and what it would be if it were launched now."""

    store: StoreName
    spec: Spec
    outlook: Outlook
    currency: str | None
    """Of the costs."""

    def require(self, *, even_if_late: bool) -> None:
        """Pass when it may be launched.

        Raises:
            RejectedError: no line may send it, or a sale would end before all had it.
        """
        require_lines(self.outlook)
        if not even_if_late:
            require_in_time(self.outlook, self.spec)

    def samples(self, baseline: float, lift: float) -> Iterator[tuple[str, int, float | None]]:
        """Yield for each arm how many persons its effect needs, and the least these can show."""
        design = self.spec.design
        shares = design.shares([arm.name for arm in design.arms])
        if not design.holdout:
            return
        for arm in design.arms:
            share, persons = shares[arm.name], self.outlook.persons
            yield (
                arm.name,
                needed(baseline, lift, share, design.holdout),
                detectable(baseline, persons, share, design.holdout),
            )


def outlook_document(looked: Looked, baseline: float = BASELINE, lift: float = LIFT) -> Document:
    """Return what a campaign would be."""
    outlook = looked.outlook
    return {
        "campaign": outlook.name,
        "store": looked.store,
        "persons": outlook.persons,
        "sampled_every": outlook.each,
        "left_alone": outlook.held,
        "arms": dict(outlook.arms),
        "left_out": dict(outlook.left_out),
        "texts": dict(outlook.texts),
        "late": outlook.late,
        "late_share": outlook.late_share,
        "sample": [
            {"arm": arm, "needed": needed, "detectable_lift": least}
            for arm, needed, least in looked.samples(baseline, lift)
        ],
        "forecast": forecast_document(outlook.forecast, looked.currency),
    }


def campaign_document(name: str, spec: Spec | None, record: CampaignRecord | None) -> Document:
    """Return what a campaign is: on file, launched, or both."""
    ends = None if record is None or record.ends_at == NEVER else record.ends_at
    return {
        "campaign": name,
        "on_file": spec is not None,
        "state": None if record is None else record.state,
        "reason": None if record is None else record.reason,
        "persons": None if record is None else record.persons,
        "launched_at": None if record is None else record.launched_at,
        "starts_at": None if record is None else record.starts_at,
        "ends_at": ends,
        "finished_at": None if record is None else record.finished_at,
        "template": None if spec is None else spec.message.template,
        "segment": None if spec is None else spec.segment or spec.where,
    }


def progress_document(store: StoreName, found: Progress, before: Progress | None) -> Document:
    """Return how far a campaign has come, and when it would be done.

    Args:
        store: whose it is.
        found: its figures.
        before: those of an earlier look, for the rate since then; None: since it began.
    """
    rate = found.rate_since(before) or found.rate_since(None)
    finish = {"rate_per_second": rate, "finish_at": found.finish_at(rate)}
    return {"store": store} | asdict(found) | finish
