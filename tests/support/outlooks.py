"""What a campaign would be, made up."""

from __future__ import annotations

from typing import Any, Final

from support.campaigns import SALE, SPRING, Campaigning
from support.world import ACME

from gateway.commerce.campaigns.document import Looked
from gateway.commerce.campaigns.outlook import Outlook
from gateway.commerce.campaigns.preparing import prepare
from gateway.commerce.content import ShopContent
from gateway.commerce.report.figures import Report
from gateway.dispatch.forecast.forecast import Forecast
from gateway.domain.errors import RejectedError
from gateway.domain.ids import StoreName

NOTHING: Final[dict[str, Any]] = {
    "repeated": 0,
    "refused": {},
    "outside_window": 0,
    "put_off": {},
    "parts_each": 1,
    "parts": 0,
    "ahead": 0,
    "lines": (),
    "first_at": None,
    "last_at": None,
    "cost": 0,
}


def a_forecast(persons: int, messages: int, **fields: Any) -> Forecast:
    """Of so many persons and messages, with the rest nothing but what is given."""
    rest = {"expired": 0, "unserved": 0} | fields
    return Forecast(**NOTHING | {"persons": persons, "messages": messages} | rest)


def an_outlook(found: Forecast) -> Outlook:
    """Of ten persons, with this forecast."""
    return Outlook(
        name=SPRING, persons=10, each=1, held=0, arms={}, left_out={}, texts={}, forecast=found
    )


class Folder:
    """What a marketer edits, and what would come of it."""

    def __init__(self, shop: Campaigning) -> None:
        self.text = SALE
        self.late = 0
        self.looks = 0
        self._shop = shop

    def read(self) -> dict[str, ShopContent]:
        return {ACME: self._shop.content(self.text)}

    async def foresee(self, store: StoreName, name: str) -> Looked:
        self.looks += 1
        if store not in self.read():
            raise RejectedError("unknown_store", "there is no such store", field="store")
        spec = prepare(self.read()[store], name, self._shop.deciding.world.clock.now()).spec
        outlook = an_outlook(a_forecast(10, 10 - self.late, expired=self.late))
        return Looked(store=store, spec=spec, outlook=outlook, currency="GBP")

    async def tell(self, store: StoreName, name: str, *_: object) -> Report:
        raise RejectedError("unknown_campaign", "nothing was decided yet", field="name")
