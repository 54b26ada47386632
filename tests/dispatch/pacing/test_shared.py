"""What lines share: every limit is kept at once, and a message takes from all or from none."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.dispatch.pacing import Passage, SharedLimit, SharedPace
from gateway.domain.ids import LaneKey, StoreName
from gateway.domain.lane import Lane

ACME, BOOKS = StoreName("acme"), StoreName("books")
TO_GB, TO_FR = "+447700900123", "+33639980001"

NET = SharedLimit(name="net", per_second=1.0, operator="Vodafone")
SHOP = SharedLimit(name="shop", per_second=0.5, store=ACME)
LAND = SharedLimit(name="land", per_second=0.25, prefix="+44")


@pytest.mark.parametrize(
    ("limit", "passage", "holds"),
    [
        (NET, Passage(store=ACME, destination=TO_GB, operator="Vodafone"), True),
        (NET, Passage(store=ACME, destination=TO_GB, operator="vodafone UK"), True),
        (NET, Passage(store=ACME, destination=TO_GB, operator="Vodafonia"), False),
        (NET, Passage(store=ACME, destination=TO_GB, operator="My Vodafone"), False),
        (NET, Passage(store=ACME, destination=TO_GB), False),
        (SHOP, Passage(store=ACME, destination=TO_GB), True),
        (SHOP, Passage(store=BOOKS, destination=TO_GB), False),
        (LAND, Passage(store=BOOKS, destination=TO_GB), True),
        (LAND, Passage(store=BOOKS, destination="+44"), True),
        (LAND, Passage(store=BOOKS, destination=TO_FR), False),
        (
            SharedLimit(name="both", per_second=1.0, store=ACME, prefix="+33"),
            Passage(store=ACME, destination=TO_GB),
            False,
        ),
        (
            SharedLimit(name="both", per_second=1.0, store=ACME, prefix="+33"),
            Passage(store=ACME, destination=TO_FR),
            True,
        ),
    ],
)
def test_a_limit_holds_for_what_is_all_that_it_names(
    limit: SharedLimit, passage: Passage, *, holds: bool
) -> None:
    assert limit.holds(passage) is holds


def test_the_slowest_limit_is_waited_for() -> None:
    shared = SharedPace([NET, SHOP, LAND])
    passage = Passage(store=ACME, destination=TO_GB, operator="Vodafone")
    assert shared.take(passage, 0.0)
    assert shared.wait(passage, 0.0) == pytest.approx(4.0)
    assert shared.wait(Passage(store=ACME, destination=TO_FR), 0.0) == pytest.approx(2.0)
    assert shared.wait(Passage(store=BOOKS, destination=TO_FR), 0.0) == 0.0


def test_what_one_limit_forbids_is_taken_from_none() -> None:
    shared = SharedPace([SHOP, LAND])
    assert shared.take(Passage(store=BOOKS, destination=TO_GB), 0.0)  # from the country alone
    assert not shared.take(Passage(store=ACME, destination=TO_GB), 0.0)
    assert shared.wait(Passage(store=ACME, destination=TO_FR), 0.0) == 0.0, "the store's is full"


def test_each_of_several_nodes_has_its_share() -> None:
    shared = SharedPace([SHOP], nodes=2)
    passage = Passage(store=ACME, destination=TO_FR)
    shared.take(passage, 0.0)
    assert shared.wait(passage, 0.0) == pytest.approx(4.0)
    shared.nodes = 1
    assert shared.wait(passage, 0.0) == pytest.approx(2.0)


def test_limits_read_again_keep_what_they_counted() -> None:
    shared = SharedPace([SHOP])
    passage = Passage(store=ACME, destination=TO_FR)
    shared.take(passage, 0.0)
    faster = SharedLimit(name="shop", per_second=1.0, store=ACME)
    shared.limits = [faster, LAND]
    assert shared.limits == (faster, LAND)
    assert shared.wait(passage, 0.0) == pytest.approx(1.0)
    shared.limits = []
    assert shared.wait(passage, 0.0) == 0.0


def test_what_is_tried_out_on_a_copy_is_not_taken() -> None:
    shared = SharedPace([SHOP], nodes=2)
    passage = Passage(store=ACME, destination=TO_FR)
    tried = shared.copy()
    assert tried.take(passage, 0.0)
    assert tried.wait(passage, 0.0) == pytest.approx(4.0)
    assert shared.wait(passage, 0.0) == 0.0


def test_a_lane_passes_what_its_messages_pass() -> None:
    lane = Lane(key=LaneKey(1), urgency=0, store=ACME, campaign="", destination="+447", network="")
    assert Passage.of(lane, "EE") == Passage(store=ACME, destination="+447", operator="EE")


@dataclass(frozen=True)
class Sent:
    at: float
    passage: Passage
    parts: int


PASSAGES = st.builds(
    Passage,
    store=st.sampled_from([ACME, BOOKS]),
    destination=st.sampled_from([TO_GB, TO_FR]),
    operator=st.sampled_from([None, "Vodafone", "vodafone UK", "EE"]),
)


@given(st.lists(st.tuples(st.floats(0, 5), PASSAGES, st.integers(1, 10)), max_size=60))
def test_every_limit_is_kept_at_once_in_every_stretch(
    messages: list[tuple[float, Passage, int]],
) -> None:
    limits = [NET, SHOP, LAND]
    shared, now = SharedPace(limits), 0.0
    sent: list[Sent] = []
    for gap, passage, parts in messages:
        now += gap
        while not shared.take(passage, now, parts):
            now += shared.wait(passage, now, parts)
        sent.append(Sent(now, passage, parts))
    for limit in limits:
        mine = [one for one in sent if limit.holds(one.passage)]
        for first, begin in enumerate(mine):
            total = 0
            for end in mine[first:]:
                total += end.parts
                assert limit.per_second is not None
                allowed = limit.per_second * (end.at - begin.at) + max(1, end.parts)
                assert total <= allowed + 1e-3
