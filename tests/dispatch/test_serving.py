"""How much of a lane a line may send: a table."""

from __future__ import annotations

import pytest

from gateway.dispatch.serving import Serves, serves
from gateway.domain.ids import LaneKey, LineId, ModemName, StoreName
from gateway.domain.lane import Lane
from gateway.domain.line_state import LineState
from gateway.domain.phone import Prefixes
from gateway.domain.purpose import Purpose
from gateway.domain.terms import Bar

ALL, SOME, NONE = Serves.ALL, Serves.SOME, Serves.NONE
MARKETING, OTP = Purpose.MARKETING.urgency, Purpose.OTP.urgency
TRANSACTIONAL = Purpose.TRANSACTIONAL.urgency


def lane(destination: str, urgency: int = TRANSACTIONAL) -> Lane:
    return Lane(
        key=LaneKey(1),
        urgency=urgency,
        store=StoreName("acme"),
        campaign="",
        destination=destination,
        network="",
    )


def line(*routes: str, bars: tuple[Bar, ...] = ()) -> LineState:
    return LineState(line=LineId("line"), modem=ModemName("m0"), routes=routes, bars=bars)


@pytest.mark.parametrize(
    ("routes", "destination", "much"),
    [
        ((), "+44", ALL),
        ((), "", ALL),
        (("+44",), "+44", ALL),
        (("+44",), "+4477", ALL),
        (("+4477",), "+44", SOME),
        (("+44",), "", SOME),
        (("+33",), "+44", NONE),
        (("+33", "+4477"), "+44", SOME),
        (("+33", "+44", "+4477"), "+44", ALL),
    ],
)
def test_routes(routes: tuple[str, ...], destination: str, much: Serves) -> None:
    assert serves(line(*routes), lane(destination)) is much


@pytest.mark.parametrize(
    ("start", "others", "destination", "much"),
    [
        (None, False, "+44", NONE),
        ("+44", False, "+44", NONE),
        ("+44", False, "+4477", NONE),
        ("+44", False, "+33", ALL),
        ("+44", True, "+44", ALL),
        ("+44", True, "+33", NONE),
        ("+44", False, "", SOME),
        ("+44", True, "", SOME),
    ],
)
def test_bars_on_marketing(start: str | None, others: bool, destination: str, much: Serves) -> None:
    barred = line(bars=(Bar(marketing=True, to=Prefixes(start=start, others=others)),))
    assert serves(barred, lane(destination, MARKETING)) is much
    assert serves(barred, lane(destination)) is ALL


@pytest.mark.rule("K-7")
def test_our_own_answers_are_looked_for_where_they_are_held() -> None:
    barred = line(bars=(Bar(marketing=False),))
    assert serves(barred, lane("+44", OTP)) is NONE
    assert serves(barred, lane("+44", OTP), held=True) is SOME
    assert serves(barred, lane("+44"), held=True) is NONE


def test_the_least_of_all_holds() -> None:
    barred = line("+4477", bars=(Bar(marketing=True, to=Prefixes(start="+44")),))
    assert serves(barred, lane("+44", MARKETING)) is NONE
    assert serves(barred, lane("+44")) is SOME
