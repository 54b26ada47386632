"""What campaigns there are, how far they have come and what they brought, for who asks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from gateway.commerce.campaigns.document import (
    BASELINE,
    LIFT,
    Document,
    Looked,
    campaign_document,
    outlook_document,
    progress_document,
)
from gateway.commerce.campaigns.frozen import thaw
from gateway.commerce.campaigns.progress import progress_of
from gateway.commerce.content import ShopContent
from gateway.commerce.report.document import as_document
from gateway.commerce.report.figures import Report
from gateway.control.fields import instant_of
from gateway.control.server import Operation
from gateway.db import Database
from gateway.db.commerce.campaigns import CampaignRecord, find_campaign, list_campaigns
from gateway.domain.clock import Clock
from gateway.domain.errors import RejectedError
from gateway.domain.ids import StoreName

Contents = Callable[[], Mapping[StoreName, ShopContent]]
"""Reads what the shops' folders say now."""

Foresee = Callable[[StoreName, str], Awaitable[Looked]]
"""Tells what a campaign of a store would be; raises RejectedError or ContentError."""

Tell = Callable[[StoreName, str, datetime | None, datetime | None], Awaitable[Report]]
"""Reports on a campaign or a flow, from its decisions between two instants."""

_SHARE: Final = "a number between 0 and 1"


class CampaignViews:
    """Tells of campaigns; changes nothing.

    Args:
        database: where they are.
        clock: the time.
        contents: reads the shops' folders.
        foresee: tells what a campaign would be.
        tell: reports.
    """

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        contents: Contents,
        foresee: Foresee,
        tell: Tell,
    ) -> None:
        self._database = database
        self._clock = clock
        self._contents = contents
        self._foresee = foresee
        self._tell = tell

    def operations(self) -> Mapping[str, Operation]:
        """Return what may be asked, by name."""
        return {
            "campaign_list": self._list,
            "campaign_forecast": self._forecast,
            "campaign_progress": self._progress,
            "campaign_report": self._report,
        }

    async def _list(self, fields: Mapping[str, Any]) -> object:
        """Return the campaigns of a store, or of all, and what is wrong with others' files."""
        contents = await asyncio.to_thread(self._contents)
        asked = fields.get("store")
        stores = list(contents) if asked is None else [_known(contents, asked)]
        launched = await self._database.read(lambda c: list_campaigns(c, stores))
        return {
            "campaigns": [one for store in stores for one in _of(store, contents[store], launched)],
            "faults": [
                {"store": store, "reason": str(fault)}
                for store in stores
                for fault in contents[store].campaigns.faults
            ],
        }

    async def _forecast(self, fields: Mapping[str, Any]) -> object:
        """Return what a campaign would be, see `outlook_document`."""
        store, name = named(fields)
        baseline = _share(fields, "baseline", BASELINE)
        lift = _share(fields, "lift", LIFT)
        looked = await self._foresee(store, name)
        return outlook_document(looked, baseline, lift) | {"refused": _refusal(looked)}

    async def _progress(self, fields: Mapping[str, Any]) -> object:
        """Return how far a campaign has come, see `progress_document`."""
        store, name = named(fields)
        now = self._clock.now()

        def look(connection: Connection) -> Document:
            record = find_campaign(connection, store, name)
            if record is None:
                reason = f"{store} launched no campaign {name!r}"
                raise RejectedError("unknown_campaign", reason, field="name")
            return progress_document(store, progress_of(connection, record, now), None)

        return await self._database.read(look)

    async def _report(self, fields: Mapping[str, Any]) -> object:
        """Return what a campaign or a flow brought, see `gateway.commerce.report.document`."""
        store, name = named(fields)
        since, until = instant_of(fields, "since"), instant_of(fields, "until")
        return as_document(await self._tell(store, name, since, until))


def named(fields: Mapping[str, Any]) -> tuple[StoreName, str]:
    """Return the store and the name of a campaign that a request is about."""
    return StoreName(str(fields.get("store"))), str(fields.get("name"))


def unknown_store(store: object) -> RejectedError:
    """Return the refusal of a store that is not there."""
    return RejectedError("unknown_store", f"this gateway has no store {store!r}", field="store")


def _known(contents: Mapping[StoreName, ShopContent], store: object) -> StoreName:
    name = StoreName(str(store))
    if name not in contents:
        raise unknown_store(store)
    return name


def _of(store: StoreName, content: ShopContent, launched: list[CampaignRecord]) -> list[Document]:
    """Return the campaigns of a store: first those under way, then the rest by name."""
    records = {one.name: one for one in launched if one.store == store}
    specs = content.campaigns.specs
    documents = [
        campaign_document(
            name,
            thaw(records[name].spec) if name in records else specs[name],
            records.get(name),
        )
        | {"store": store, "on_file": name in specs}
        for name in sorted({*specs, *records})
    ]
    return sorted(documents, key=_ended)


def _ended(document: Document) -> tuple[bool, bool]:
    return document["finished_at"] is not None, document["state"] is None


def _refusal(looked: Looked) -> Document | None:
    """Return why it would not be launched as it is; None: it would."""
    try:
        looked.require(even_if_late=False)
    except RejectedError as error:
        return {"code": error.code, "reason": str(error)}
    return None


def _share(fields: Mapping[str, Any], name: str, default: float) -> float:
    value = fields.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1:
        raise RejectedError("malformed", f"{name} is {value!r}; right: {_SHARE}", field=name)
    return float(value)
