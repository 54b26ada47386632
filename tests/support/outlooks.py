"""What a campaign would be, made up."""

from __future__ import annotations

from typing import Any, Final

from support.campaigns import SPRING

from gateway.commerce.campaigns.outlook import Outlook
from gateway.dispatch.forecast.forecast import Forecast

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
