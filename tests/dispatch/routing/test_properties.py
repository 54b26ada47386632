"""What holds of the choice whatever lines there are."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from support.lines import lane, line, waiting

from gateway.dispatch.router import Waiting
from gateway.dispatch.routing import CostRouter
from gateway.dispatch.routing.eligible import eligible
from gateway.dispatch.serving import Serves
from gateway.domain.ids import StoreName
from gateway.domain.lane import Lane
from gateway.domain.line_state import LineState
from gateway.domain.purpose import Purpose
from gateway.domain.tariff import Tariff
from gateway.domain.terms import Bar

TAGS = {StoreName("picky"): {"promo"}}
PRICES = st.sampled_from([Decimal(0), Decimal("0.01"), Decimal("0.05")])
HEALTHS = st.floats(min_value=0, max_value=1)
ROUTES = st.sampled_from([(), ("+44",), ("+33",), ("+447700",), ("+44", "+33")])

lanes = st.builds(
    lane,
    st.sampled_from(["+44", "+33", "+447700", ""]),
    st.sampled_from(Purpose),
    store=st.sampled_from(["acme", "picky"]),
    network=st.sampled_from(["", "EE", "O2"]),
)
jobs = st.integers(min_value=1, max_value=10_000)
seconds = st.floats(min_value=0, max_value=1e6)
waitings = st.builds(waiting, jobs, seconds)


@st.composite
def fleets(draw: st.DrawFn) -> list[LineState]:
    states = st.builds(
        line,
        st.just(""),
        routes=ROUTES,
        tags=st.sampled_from([frozenset(), frozenset({"promo"})]),
        networks=st.sampled_from([frozenset(), frozenset({"EE"})]),
        bars=st.sampled_from([(), (Bar(marketing=True),), (Bar(marketing=False),)]),
        tariff=st.builds(Tariff, part=PRICES, to=st.dictionaries(st.just("+44"), PRICES)),
        health=HEALTHS,
        per_second=st.sampled_from([None, 0.1, 1 / 3, 5.0]),
        free_at=st.floats(min_value=0, max_value=2000),
    )
    drawn = draw(st.lists(states, min_size=1, max_size=6))
    return [replace(one, line=f"m{place}") for place, one in enumerate(drawn)]  # type: ignore[arg-type]


@given(fleets(), st.integers(min_value=0, max_value=6), lanes, waitings)
def test_who_takes_has_asked_and_may(
    fleet: list[LineState], asking: int, of: Lane, stock: Waiting
) -> None:
    found = CostRouter(TAGS).takers(of, fleet[:asking], fleet, 1000.0, stock)
    able = [one.line for one in fleet[:asking] if eligible(one, of, TAGS) is not Serves.NONE]
    assert len(set(found)) == len(found)
    assert set(found) <= set(able)


@given(fleets(), lanes, waitings)
def test_when_all_ask_somebody_takes_what_anybody_may_send(
    fleet: list[LineState], of: Lane, stock: Waiting
) -> None:
    found = CostRouter(TAGS).takers(of, fleet, fleet, 1000.0, stock)
    assert bool(found) is any(eligible(one, of, TAGS) is not Serves.NONE for one in fleet)


@given(fleets(), st.data(), lanes, waitings, HEALTHS, PRICES)
def test_a_line_is_never_worse_off_for_being_healthier_or_cheaper(
    fleet: list[LineState],
    data: st.DataObject,
    of: Lane,
    stock: Waiting,
    health: float,
    price: Decimal,
) -> None:
    router = CostRouter(TAGS)
    before = data.draw(st.sampled_from(fleet))
    now = before.tariff.price(of.destination)
    better = replace(
        before,
        health=max(health, before.health),
        tariff=Tariff(part=min(price, now)),
    )
    improved = [better if one is before else one for one in fleet]
    first = router.takers(of, fleet, fleet, 1000.0, stock)
    then = router.takers(of, improved, improved, 1000.0, stock)
    if before.line in first:
        assert then.index(before.line) <= first.index(before.line)


@given(fleets(), lanes, jobs, seconds, jobs)
def test_more_to_send_or_less_time_never_takes_a_line_away(
    fleet: list[LineState], of: Lane, count: int, left: float, more: int
) -> None:
    router = CostRouter(TAGS)
    calm = router.takers(of, fleet, fleet, 1000.0, waiting(count, left))
    hard = router.takers(of, fleet, fleet, 1000.0, waiting(count + more, left / more))
    assert set(calm) <= set(hard)
