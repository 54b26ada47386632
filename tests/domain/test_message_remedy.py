"""What helps with a message, by how it stands and why."""

from __future__ import annotations

import pytest

from gateway.domain.message_remedy import remedy_of
from gateway.domain.states import NO_FINAL_REPORT, JobState


@pytest.mark.parametrize(
    ("state", "reason", "said"),
    [
        (JobState.FAILED, "cms 1 unassigned number", "assigned to nobody"),
        (JobState.FAILED, "cms 10 call barred", "top up"),
        (JobState.UNDELIVERED, "0x43 not obtainable", "not in use"),
        (JobState.UNDELIVERED, "0x46 validity period expired", "out of reach"),
        (JobState.UNDELIVERED, "0x41 incompatible destination", "for good"),
        (JobState.UNDELIVERED, "0x62 no response from phone", "again later"),
        (JobState.SENT, NO_FINAL_REPORT, "no report"),
        (JobState.EXPIRED, None, "too few lines"),
        (JobState.UNCONFIRMED, None, "the answer was lost"),
        (JobState.DEFERRED, "cms 42 congestion", "too much to do"),
    ],
)
def test_what_went_wrong_has_its_remedy(state: JobState, reason: str | None, said: str) -> None:
    assert said in (remedy_of(state, reason) or "")


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (JobState.DELIVERED, "0x02 replaced by the service centre"),
        (JobState.CANCELLED, None),
        (JobState.SENT, None),
        (JobState.ACCEPTED, None),
        (JobState.DEFERRED, "waits for the hours of the recipient's country"),
    ],
)
def test_where_nothing_has_to_be_done_nothing_is_said(state: JobState, reason: str | None) -> None:
    assert remedy_of(state, reason) is None
