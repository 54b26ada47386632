"""What a campaign would be, and what one brought: reckoned on a database to read, anywhere."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from gateway.app.aside import Aside
from gateway.app.campaigns import make_asker
from gateway.app.forecasting import forecast
from gateway.app.shops import content_of
from gateway.app.tariffs import Tariffs
from gateway.commerce.campaigns.document import Looked
from gateway.commerce.campaigns.outlook import look_out
from gateway.commerce.campaigns.preparing import prepare
from gateway.commerce.report.figures import Report
from gateway.commerce.report.measure import Question, measure
from gateway.db import Reader
from gateway.db.commerce.decisions import first_decision
from gateway.domain.clock import SystemClock
from gateway.domain.errors import RejectedError
from gateway.domain.ids import Campaign, StoreName
from gateway.settings import Settings, StoreSettings

KINDS: Final = ("campaign", "flow")
"""What a name may be of, in this order."""

WINDOW: Final = timedelta(days=7)
"""In which what a person buys counts for the lift, where nobody says otherwise."""

Modems = Sequence[Mapping[str, Any]] | None
"""As the running gateway describes them; None where none runs."""


class Outlooks:
    """Looks ahead and back for a gateway that runs, aside of it.

    Args:
        settings: gives what the gateway goes by now.
        modems: describes its modems, as `Modems`.
    """

    def __init__(
        self, settings: Callable[[], Settings], modems: Callable[[], Awaitable[Modems]]
    ) -> None:
        self._settings = settings
        self._modems = modems
        self._aside = Aside()

    async def foresee(self, store: StoreName, name: str) -> Looked:
        """Return what a campaign would be, see `look_at`."""
        return await self._aside.do(look_at, self._settings(), store, name, await self._modems())

    async def tell(
        self, store: StoreName, name: str, since: datetime | None, until: datetime | None
    ) -> Report:
        """Return what a campaign or a flow brought, see `report_on`."""
        return await self._aside.do(
            report_on, self._settings(), store, name, since=since, until=until
        )


async def look_at(settings: Settings, store: StoreName, name: str, modems: Modems) -> Looked:
    """Return what a campaign would be if it were launched now.

    Raises:
        ContentError: its files are not right.
        RejectedError: it cannot be.
        StorageError: the database cannot be read.
    """
    home = _home(settings, store)
    content, now = content_of(home), SystemClock().now()
    prepared = prepare(content, name, now)
    asker = make_asker(settings, home, content)
    async with Reader.open(settings.database.address) as reader:
        outlook = await reader.read(
            lambda c: look_out(
                c, prepared, asker, lambda c, some: forecast(c, settings, some, modems, now), now
            )
        )
    return Looked(
        store=store, spec=prepared.spec, outlook=outlook, currency=settings.gateway.currency
    )


async def report_on(
    settings: Settings,
    store: StoreName,
    name: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    window: timedelta = WINDOW,
) -> Report:
    """Return what a campaign or a flow brought, cost and changed.

    Args:
        settings: of the gateway.
        store: whose it is.
        name: with or without ``campaign.`` or ``flow.`` before it.
        since: of the decisions; None: the first.
        until: their end; None: now.
        window: in which what a person buys counts for the lift.

    Raises:
        RejectedError: nothing was decided by it yet, or there is no such store.
        StorageError: the database cannot be read.
    """
    home, now = _home(settings, store), SystemClock().now()

    def report(connection: Connection) -> Report:
        campaign, began = _first(connection, store, name)
        question = Question(
            store=store,
            campaign=campaign,
            since=since or began,
            until=until or now,
            currency=home.currency or settings.gateway.currency,
            cost_currency=settings.gateway.currency,
            window=window,
        )
        return measure(connection, question, Tariffs(connection, settings), now)

    async with Reader.open(settings.database.address) as reader:
        return await reader.read(report)


def _home(settings: Settings, name: str) -> StoreSettings:
    for store in settings.store:
        if store.name == name:
            return store
    raise RejectedError("unknown_store", f"this gateway has no store {name!r}", field="store")


def _first(connection: Connection, store: StoreName, name: str) -> tuple[Campaign, datetime]:
    """Return what decisions of this name say that they are of, and when the first was made."""
    for full in _candidates(name):
        began = first_decision(connection, store, Campaign(full))
        if began is not None:
            return Campaign(full), began
    raise RejectedError(
        "unknown_campaign",
        f"nothing was decided yet by a campaign or a flow {name!r} of {store}",
        field="name",
    )


def _candidates(name: str) -> Iterator[str]:
    if name.startswith(tuple(f"{kind}." for kind in KINDS)):
        yield name
        return
    for kind in KINDS:
        yield f"{kind}.{name}"
