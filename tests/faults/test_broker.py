"""The broker dies in the middle: sending goes on, and what is to be told is told later."""

from __future__ import annotations

import pytest
from support.plugin import Build
from support.processes import wait_for

JOBS = 60


@pytest.mark.timeout(150)
def test_a_broker_that_is_killed_and_returns_costs_nothing(house: Build) -> None:
    """It keeps its sessions; one that forgets the store's cannot keep what is told meanwhile."""
    built = house(
        modems=2,
        simulator=("--latency", "0.05", "--report-delay", "0.2"),
        outbox=True,
        durable=True,
    )
    built.start()
    for number in range(JOBS):
        built.store.submit(f"job-{number}")
    built.store.await_all("accepted", JOBS // 2, seconds=30)
    built.broker.kill()
    wait_for(lambda: len(built.log()) >= JOBS // 2, 30, "sending without a broker")
    built.broker.start()
    wait_for(
        lambda: all("delivered" in built.store.states(f"job-{n}") for n in range(JOBS)),
        60,
        "every job delivered",
    )
    assert built.submits() == dict.fromkeys(
        (f"Your order job-{number} has shipped." for number in range(JOBS)), 1
    )
    for number in range(JOBS):
        assert built.store.states(f"job-{number}") == ["accepted", "sent", "delivered"]


@pytest.mark.timeout(90)
def test_a_broker_that_is_down_at_the_start_is_waited_for(house: Build) -> None:
    built = house(outbox=True)
    built.broker.kill()
    gateway = built.start()
    wait_for(lambda: "mqtt_unreachable" in gateway.stderr.read_text(), 10, "the loss in the log")
    built.broker.start()
    built.store.submit("late")
    built.store.await_state("late", "delivered")


@pytest.mark.timeout(90)
def test_the_last_will_tells_that_a_gateway_has_vanished(house: Build) -> None:
    built = house()
    gateway = built.start()
    wait_for(lambda: built.store.presence, 10, "the presence")
    assert built.store.presence[-1]["state"] == "online"
    gateway.kill()
    wait_for(lambda: built.store.presence[-1]["state"] == "offline", 30, "the last will")
