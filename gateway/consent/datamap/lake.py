"""The tables of the lake: a person is a keyed pseudonym in all of them."""

from __future__ import annotations

from typing import Final

from gateway.consent.datamap.grounds import ANALYST, INTEREST
from gateway.consent.datamap.holding import Holding, Keep, Kind

_FORGET: Final = "rows of the person are removed from the lakes that are named (`--lake`)"


def _table(place: str, data: str, purpose: str, keep: Keep = Keep.LAKE) -> Holding:
    return Holding(
        kind=Kind.LAKE,
        place=place,
        data=data,
        purpose=purpose,
        basis=INTEREST if data else "",
        recipients=(ANALYST,) if data else (),
        keep=keep if data else Keep.NOTHING,
        exported=f"lake.{place}" if data else "",
        erased=_FORGET if data else "",
    )


LAKE: Final = (
    _table("persons", "pseudonym, country and time zone", "to know whom a store writes to"),
    _table("orders", "what was bought, when, for how much", "segments and value", Keep.IMPORT),
    _table("order_lines", "the products of an order", "what to offer next", Keep.IMPORT),
    _table("messages", "what was sent when, and whether it arrived", "what messages achieve"),
    _table("parts", "each SMS of a message", "how well each line delivers"),
    _table("clicks", "who opened a link, and when", "what messages achieve"),
    _table("replies", "that and when somebody wrote; no words", "what messages achieve"),
    _table("consents", "what somebody allowed and when", "whom one may write to"),
    _table("assignments", "which arm of an experiment, and how likely", "honest tests"),
    _table("products", "", "what is or was sold"),
    _table("costs", "", "what sending cost"),
    _table("scores", "the advice of the models", "whom to write to, when and about what"),
)
