"""A report finds its part however the network writes the number."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from support.world import ACME, START

from gateway.db.jobs import JobRecord
from gateway.db.parts import OpenPart, PartRecord
from gateway.dispatch.matching import choose_part, choose_unnamed, same_number
from gateway.domain.ids import JobId, JobKey, PartKey
from gateway.domain.job import NEVER
from gateway.domain.purpose import Purpose
from gateway.domain.states import JobState, PartState, Stage


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("+447700900123", "+447700900123", True),
        ("+447700900123", "07700900123", True),
        ("+447700900123", "447700900123", True),
        ("+32485123456", "0485123456", True),
        ("+447700900123", "+447700900124", False),
        ("+447700900123", "+33700900123", True),
        ("50131", "50131", True),
        ("50131", "131", True),
        ("+447700900123", "", False),
        ("+447700900123", "23", False),
    ],
)
def test_numbers_are_compared_by_their_tails(one: str, other: str, same: bool) -> None:
    assert same_number(one, other) is same
    assert same_number(other, one) is same


def open_part(key: int, recipient: str) -> OpenPart:
    part = PartRecord(
        key=PartKey(key),
        job_key=JobKey(key),
        number=1,
        state=PartState.SENT,
        reference=7,
        handed_at=datetime(2026, 11, 23, tzinfo=UTC),
    )
    return OpenPart(part=part, job=job_to(recipient))


def job_to(recipient: str) -> JobRecord:
    return JobRecord(
        key=JobKey(1),
        store=ACME,
        id=JobId("order-1"),
        digest=b"",
        recipient=recipient,
        text="Your order has shipped.",
        purpose=Purpose.TRANSACTIONAL,
        report=True,
        accepted_at=START,
        not_before=START,
        expires_at=NEVER,
        state=JobState.SENT,
        seq=2,
        stage=Stage.HANDED,
        tries=0,
        line=None,
        modem=None,
        reason=None,
    )


def test_the_newest_part_to_the_number_is_meant() -> None:
    newest_first = [
        open_part(3, "+447700900111"),
        open_part(2, "+447700900123"),
        open_part(1, "+447700900123"),
    ]
    chosen = choose_part(newest_first, "07700900123")
    assert chosen is not None
    assert chosen.part.key == 2


def test_a_report_for_somebody_else_is_nobodys() -> None:
    assert choose_part([open_part(1, "+447700900123")], "+447700900999") is None


@pytest.mark.parametrize(
    ("recipients", "written", "minutes", "chosen"),
    [
        (["+447700900123"], "4477", 5, True),
        (["+447700900123"], "60", 5, True),
        (["+447700900123", "+447700900111"], "4477", 5, False),
        (["+447700900123"], "+447700900999", 5, False),
        (["+447700900123"], "", 5, False),
        (["+447700900123"], "4477", 61, False),
        ([], "4477", 5, False),
    ],
    ids=["short code", "two digits", "two parts", "another number", "none", "old", "no part"],
)
def test_a_short_code_is_believed_where_the_reference_leaves_one_part(
    recipients: list[str], written: str, minutes: int, chosen: bool
) -> None:
    parts = [open_part(key, recipient) for key, recipient in enumerate(recipients)]
    now = datetime(2026, 11, 23, tzinfo=UTC) + timedelta(minutes=minutes)
    found = choose_unnamed(parts, written, since=now - timedelta(hours=1))
    assert (found is not None) is chosen
