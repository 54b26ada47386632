"""Who answers questions about campaigns in a gateway that runs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from gateway.app.outlooks import Modems, Outlooks
from gateway.app.shops import read_contents
from gateway.control.campaign_views import CampaignViews, Foresee
from gateway.control.campaigns import CampaignDesk
from gateway.dispatch import Context
from gateway.settings import Settings


def campaign_desks(
    settings: Callable[[], Settings],
    modems: Callable[[], Awaitable[Modems]],
    *,
    context: Context,
    make: Callable[[Foresee], CampaignDesk],
) -> tuple[CampaignDesk, CampaignViews]:
    """Return what launches and steers campaigns, and what tells of them.

    Args:
        settings: gives what the gateway goes by now.
        modems: describes its modems.
        context: the database and the time.
        make: makes the first, of what tells beforehand what a campaign would be.
    """
    outlooks = Outlooks(settings, modems)
    views = CampaignViews(
        database=context.database,
        clock=context.clock,
        contents=lambda: read_contents(settings()),
        foresee=outlooks.foresee,
        tell=outlooks.tell,
    )
    return make(outlooks.foresee), views
