"""Modems that vanish, hang and lie, counted on the simulated network's own log."""

from __future__ import annotations

from typing import Any

import pytest
from support.house import House
from support.plugin import Build
from support.processes import wait_for

JOBS = 10


def submit_all(built: House, **fields: Any) -> None:
    for number in range(JOBS):
        built.store.submit(f"job-{number}", **fields)


def each_once() -> dict[str, int]:
    return dict.fromkeys((f"Your order job-{number} has shipped." for number in range(JOBS)), 1)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("fault", ["unplug_at_prompt", "unplug_in_pdu"])
def test_unplugged_before_ctrl_z_is_sent_once_when_it_is_back(house: Build, fault: str) -> None:
    built = house(simulator=("--report-delay", "0.1"))
    built.start()
    built.bank.ask(do="fault", name=fault, value=1.0, count=1)
    submit_all(built)
    built.store.await_all("delivered", JOBS, seconds=60)
    assert built.submits() == each_once()
    assert not any("unconfirmed" in built.store.states(f"job-{n}") for n in range(JOBS))


@pytest.mark.timeout(120)
def test_unplugged_after_the_network_took_it_is_in_doubt_and_never_doubled(house: Build) -> None:
    built = house(simulator=("--report-delay", "6"))
    built.start()
    built.bank.ask(do="fault", name="unplug_after_accept", value=1.0, count=1)
    submit_all(built)
    wait_for(
        lambda: all("delivered" in built.store.states(f"job-{n}") for n in range(JOBS)),
        60,
        "every job delivered, the one in doubt by its report",
    )
    assert built.submits() == each_once()
    doubtful = [n for n in range(JOBS) if "unconfirmed" in built.store.states(f"job-{n}")]
    assert len(doubtful) == 1


@pytest.mark.timeout(120)
def test_an_answer_lost_after_ctrl_z_is_settled_by_the_report(house: Build) -> None:
    built = house(simulator=("--report-delay", "0.2"), settings="submit_timeout = 3\n")
    built.start()
    built.bank.ask(do="fault", name="lose_answer", count=1)
    submit_all(built)
    built.store.await_all("delivered", JOBS, seconds=60)
    assert built.submits() == each_once()


@pytest.mark.timeout(120)
def test_a_late_answer_still_counts(house: Build) -> None:
    built = house(
        simulator=("--report-delay", "0.2", "--fault", "report_never"),
        settings="submit_timeout = 2\n",
    )
    built.start()
    built.bank.ask(do="fault", name="late_answer", value=4.0, count=1)
    built.store.submit("job-0")
    built.store.await_state("job-0", "unconfirmed")
    built.store.await_state("job-0", "sent")
    assert len(built.log()) == 1


@pytest.mark.timeout(120)
@pytest.mark.parametrize("fault", ["report_early", "report_twice", "report_temporary"])
def test_reports_early_doubled_or_in_two_steps(house: Build, fault: str) -> None:
    built = house(modems=2, simulator=("--report-delay", "0.1", "--fault", fault))
    built.start()
    submit_all(built)
    built.store.await_all("delivered", JOBS, seconds=60)
    assert built.submits() == each_once()
    for number in range(JOBS):
        told = built.store.states(f"job-{number}")
        assert told in (["accepted", "sent", "delivered"], ["accepted", "delivered"])


@pytest.mark.timeout(120)
def test_without_reports_jobs_stay_sent_and_are_not_sent_again(house: Build) -> None:
    built = house(simulator=("--fault", "report_never"))
    built.start()
    submit_all(built)
    built.store.await_all("sent", JOBS, seconds=60)
    assert built.submits() == each_once()
    assert built.log("report") == []


@pytest.mark.timeout(120)
def test_a_failing_report_names_the_networks_reason(house: Build) -> None:
    built = house(simulator=("--report-delay", "0.1", "--fault", "report_failed"))
    built.start()
    built.store.submit("job-0")
    built.store.await_state("job-0", "undelivered")
    assert "0x46" in built.store.history()["job-0"][-1]["reason"]


@pytest.mark.timeout(120)
def test_noise_everywhere_changes_nothing(house: Build) -> None:
    built = house(modems=2, simulator=("--report-delay", "0.1", "--noise"))
    built.start()
    submit_all(built)
    built.store.await_all("delivered", JOBS, seconds=60)
    assert built.submits() == each_once()


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("code", "state"), [(1, "failed"), (41, "delivered")])
def test_a_refusal_is_final_or_tried_again_by_its_class(
    house: Build, code: int, state: str
) -> None:
    built = house(simulator=("--report-delay", "0.1"))
    built.start()
    built.bank.ask(do="fault", name="refuse", value=code, count=1)
    built.store.submit("job-0")
    built.store.await_state("job-0", state, 40)
    assert len(built.log()) == (0 if state == "failed" else 1)
    if state == "failed":
        assert "cms 1" in built.store.history()["job-0"][-1]["reason"].lower()
