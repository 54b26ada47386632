"""Equal shares: over any time in which two wait, neither gets more than a message ahead."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gateway.dispatch.desk.fairness import LAG, Fairness, Flow, Share
from gateway.domain.ids import StoreName
from gateway.domain.job import MAX_PARTS

ACME, BOOKS = StoreName("acme"), StoreName("books")
SIZES = st.integers(min_value=1, max_value=MAX_PARTS)


def served(share: Share[str], sizes: dict[str, list[int]]) -> list[tuple[str, int]]:
    """Serve flows that all wait until one has nothing left; return whose message of what size."""
    left = {flow: list(messages) for flow, messages in sizes.items()}
    share.attend(left)
    order = []
    while all(left.values()):
        flow = share.next(list(left))
        size = left[flow].pop(0)
        share.charge(flow, size)
        order.append((flow, size))
    return order


@given(
    st.lists(SIZES, min_size=1, max_size=40),
    st.lists(SIZES, min_size=1, max_size=40),
    st.lists(SIZES, max_size=10),
)
def test_parts_of_two_that_wait_differ_by_a_message_of_each_at_most(
    one: list[int], other: list[int], before: list[int]
) -> None:
    share: Share[str] = Share()
    share.attend(["one"])
    for size in before:  # whatever one was served alone
        share.charge("one", size)
    order = served(share, {"one": one, "other": other})
    for start in range(len(order)):
        ahead = 0
        for flow, size in order[start:]:
            ahead += size if flow == "one" else -size
            assert abs(ahead) <= max([*one, *before]) + max(other)


@given(st.lists(SIZES, min_size=1, max_size=40), st.lists(SIZES, min_size=1, max_size=40))
def test_from_the_moment_that_both_wait_it_is_one_message(one: list[int], other: list[int]) -> None:
    ahead, most = 0, max(*one, *other)
    for flow, size in served(Share(), {"one": one, "other": other}):
        ahead += size if flow == "one" else -size
        assert abs(ahead) <= most


@given(st.lists(SIZES, min_size=5, max_size=60), st.lists(SIZES, min_size=30, max_size=40))
def test_who_was_idle_gets_no_credit(busy: list[int], later: list[int]) -> None:
    share: Share[str] = Share()
    share.attend(["idle"])
    share.charge("idle", 1)
    share.attend(["busy"])
    for size in busy:
        share.charge(share.next(["busy"]), size)
    order = served(share, {"busy": later, "idle": later})
    assert "busy" in {flow for flow, _ in order[: MAX_PARTS + 2]}, "it waits for one turn only"


def test_who_could_not_be_served_catches_up_by_no_more_than_the_lag() -> None:
    share: Share[str] = Share()
    share.attend(["a", "b"])
    for _ in range(10 * LAG):  # the lines that asked could serve only one of them
        share.charge(share.next(["b"]), 1)
    in_a_row = 0
    while share.next(["a", "b"]) == "a":
        share.charge("a", 1)
        in_a_row += 1
    assert LAG <= in_a_row <= LAG + 2


def test_a_store_gains_nothing_by_many_campaigns() -> None:
    fairness = Fairness()
    flows = [Flow(ACME, f"c{number}") for number in range(9)] + [Flow(BOOKS, "")]
    fairness.attend(flows)
    served = []
    for _ in range(36):
        flow = fairness.next(flows)
        fairness.charge(flow, 1)
        served.append(flow)
    assert sum(flow.store == BOOKS for flow in served) == 18
    assert {served.count(flow) for flow in flows[:9]} == {2}


def test_what_is_tried_out_changes_nothing() -> None:
    fairness = Fairness()
    flows = [Flow(ACME, "a"), Flow(ACME, "b"), Flow(BOOKS, "")]
    fairness.attend(flows)
    first = fairness.next(flows)
    for _ in range(5):
        trial = fairness.copy()
        trial.attend(flows)
        for _ in range(7):
            trial.charge(trial.next(flows), 3)
    assert fairness.next(flows) == first


def test_what_is_remembered_of_the_idle_ends() -> None:
    """A store that makes up a campaign for each job must not fill the memory."""
    share: Share[str] = Share()
    for number in range(1000):
        share.attend([f"c{number}"])
        share.charge(f"c{number}", 1)
    assert len(share._tags) < 5
