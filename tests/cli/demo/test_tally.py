"""What the demo counts."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.cli.demo.tally import SHOWN, Tally
from gateway.domain.states import JobState


def status(job: str, state: str, modem: str | None = None) -> dict[str, Any]:
    return {
        "id": job,
        "state": state,
        "at": "2026-11-23T09:30:00.000Z",
        "modem": modem,
        "reason": None,
    }


@pytest.fixture
def tally() -> Tally:
    tally = Tally()
    for job in ("a", "b", "c", "d"):
        tally.publish(job)
    for told in (
        status("a", "accepted"),
        status("b", "accepted"),
        status("a", "sent", "m0"),
        status("b", "sent", "m1"),
        status("a", "delivered", "m0"),
        status("b", "failed", "m1"),
    ):
        tally.tell(told)
    tally.reject({"id": "c", "error": {"message": "to has too few digits"}})
    return tally


def test_jobs_are_counted_by_the_states_they_reached(tally: Tally) -> None:
    assert str(tally) == ("published 4, accepted 2, sent 2, delivered 1, failed 1, rejected 1")
    assert tally.open == 1
    assert tally.unanswered == {"d"}


def test_modems_are_counted_apart(tally: Tally) -> None:
    assert tally.by_modem(JobState.SENT) == {"m0": 1, "m1": 1}
    assert tally.by_modem(JobState.DELIVERED) == {"m0": 1}


def test_the_same_status_again_changes_no_count(tally: Tally) -> None:
    before = str(tally)
    tally.tell(status("a", "sent", "m0"))
    assert str(tally) == before


def test_only_the_last_are_kept(tally: Tally) -> None:
    for number in range(3 * SHOWN):
        tally.tell(status(str(number), "accepted"))
    assert len(tally.last) == SHOWN
    assert tally.last[-1].id == str(3 * SHOWN - 1)


def test_what_flows_send_is_counted_apart_from_what_the_store_asks_for(tally: Tally) -> None:
    before = str(tally)
    tally.events += 3
    for state in ("accepted", "sent", "delivered"):
        tally.tell(status("flow.order-placed.1", state, "m0"))
    tally.tell(status("flow.order-shipped.1", "accepted"))
    assert str(tally) == before
    assert tally.flows == "events 3, accepted 2, sent 1, delivered 1"
