"""Two boxes on one PostgreSQL and one broker. What counts is the simulated network's own log.

Nothing that was accepted is lost, nothing is handed over twice, and a store hears of each job in
order: when a box dies, when the server is restarted, and when a box is cut off and comes back. The
store publishes each job once, so that what gets lost between the two is seen.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.boxes import LEASE, Boxes
from support.events import CUSTOMER, ORDER
from support.postgres import Postgres
from support.processes import wait_for

from tests.faults.test_flows import ORDERS, open_shop, tell

Make = Callable[..., Boxes]


@pytest.fixture
def boxes(tmp_path: Path, make_postgres: Callable[..., Postgres]) -> Iterator[Make]:
    """Makes boxes on a server of their own, which end with the test."""
    made: list[Boxes] = []

    def make(**options: Any) -> Boxes:
        made.append(Boxes(tmp_path, make_postgres(), **options))
        return made[-1]

    yield make
    for each in made:
        each.close()


def none_twice(built: Boxes) -> bool:
    return all(count == 1 for count in built.submits().values())


def await_ends(built: Boxes, numbers: range, ends: set[str]) -> None:
    """Wait until the store was told that each job is in one of several states."""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and not set(built.ends(numbers).values()) <= ends:
        time.sleep(0.1)
    told = built.ends(numbers)
    left = {number: state for number, state in told.items() if state not in ends}
    assert left == {}, f"rejected: {built.store.rejected}"


def missing(built: Boxes, numbers: range) -> list[int]:
    """Return the jobs that the network never took."""
    submits = built.submits()
    return [n for n in numbers if f"Your order job-{n} has shipped." not in submits]


@pytest.mark.timeout(240)
def test_a_box_that_is_killed_is_taken_over(boxes: Make) -> None:
    """Its jobs go on at the other, and so does what stores publish; then it comes back."""
    built = boxes()
    built.start()
    both, alone, again = range(60), range(60, 80), range(80, 140)
    built.submit(both)
    wait_for(lambda: len(built.sent()) >= 15, 60, "both at work")
    built.one.kill()
    built.submit(alone)
    everything = range(80)
    await_ends(built, everything, {"delivered", "unconfirmed", "sent"})
    assert none_twice(built)
    ends = built.ends(everything)
    assert all(ends[number] == "unconfirmed" for number in missing(built, everything)), "in doubt"
    assert sum(end == "unconfirmed" for end in ends.values()) <= 4, "one for each of its modems"
    assert "node_taken_over" in built.other.log
    assert built.out_of_order() == []

    built.one.start()
    built.submit(again)
    await_ends(built, again, {"delivered"})
    assert none_twice(built)
    assert len({entry["modem"] for entry in built.sent()[-60:]}) > 4, "both boxes send again"


@pytest.mark.timeout(240)
def test_a_server_that_is_restarted_under_load_costs_nothing(boxes: Make) -> None:
    built = boxes()
    built.start()
    jobs = range(60)
    built.submit(jobs)
    wait_for(lambda: len(built.sent()) >= 15, 60, "both at work")
    built.postgres.restart()
    await_ends(built, jobs, {"delivered"})
    assert none_twice(built)
    assert missing(built, jobs) == []
    assert built.out_of_order() == []
    assert "node_taken_over" not in built.one.log + built.other.log


@pytest.mark.timeout(240)
def test_a_box_that_is_cut_off_from_the_database_and_comes_back(boxes: Make) -> None:
    """Its other node takes over meanwhile; it can write nothing more as who it was before."""
    built = boxes(cuttable=True)
    built.start()
    before, during, after = range(60), range(60, 80), range(80, 140)
    built.submit(before)
    wait_for(lambda: len(built.sent()) >= 15, 60, "both at work")
    built.network.cut()
    wait_for(lambda: "node_taken_over" in built.other.log, 30 + LEASE, "the takeover")
    built.submit(during)
    await_ends(built, before, {"delivered", "unconfirmed", "sent"})
    await_ends(built, during, {"delivered"})
    assert none_twice(built)
    built.network.heal()
    wait_for(lambda: "node_back" in built.one.log, 30 + LEASE, "it is back")
    built.submit(after)
    # What it had sent while it was cut off it tells now, and reports end the doubt.
    await_ends(built, range(140), {"delivered"})
    assert none_twice(built)
    assert missing(built, range(140)) == []
    assert built.out_of_order() == []
    assert len({entry["modem"] for entry in built.sent()[-60:]}) > 4, "both boxes send again"


@pytest.mark.timeout(120)
def test_a_second_gateway_of_a_name_is_refused_with_a_clear_word(boxes: Make) -> None:
    built = boxes(modems=2)
    built.one.start()
    second = built.one.run("run", name="second")
    assert second.wait_end(60) == 1
    [line] = second.stderr.read_text().strip().splitlines()[-1:]
    assert 'as node "box-1"; give each gateway a [gateway] node of its own' in line


@pytest.mark.timeout(240)
@pytest.mark.parametrize("killed", ["one", "other"])
def test_flows_go_on_at_the_other_box_and_each_trigger_is_one_message(
    boxes: Make, killed: str
) -> None:
    """One of them has the duty; whichever is killed, nothing is decided twice or left out."""
    built = boxes()
    for box in (built.one, built.other):
        open_shop(box.folder, box.folder / "shopbell.toml")
    built.start()
    tell(built, CUSTOMER, "who", first_name="Ada")
    for number in range(ORDERS):
        tell(built, ORDER, f"order-{number}", order_id=f"o-{number}")
    wait_for(lambda: len(built.sent()) >= 3, 60, "the first messages")
    getattr(built, killed).kill()
    texts = {f"Acme: thanks for o-{number}" for number in range(ORDERS)}

    def settled() -> bool:
        told = built.store.history().values()
        doubtful = sum(each[-1]["state"] == "unconfirmed" for each in told)
        return len(texts - set(built.submits())) <= doubtful and len(told) == ORDERS

    wait_for(settled, 90, f"all messages; sent {built.submits()}")
    assert none_twice(built)
