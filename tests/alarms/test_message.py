"""A message in words: short, in the GSM alphabet, with what helps."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from gateway.alarms.due import Due
from gateway.alarms.message import Message
from gateway.alarms.state import AlarmState
from gateway.domain.alarms import AlarmKind
from gateway.sms import count_parts

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


def alarm(kind: AlarmKind, subject: str = "", **values: Any) -> AlarmState:
    plain: dict[str, Any] = {"detail": "why", "began_at": NOON, "noticed_at": NOON}
    return AlarmState(kind=kind, subject=subject, **(plain | values))


def message(**parts: tuple[AlarmState, ...]) -> Message:
    return Message(id="1", node="box-1", at=NOON, due=Due(**parts))


def test_one_alarm_says_what_is_wrong() -> None:
    told = message(new=(alarm(AlarmKind.LINE_DOWN, "m1", detail="out of service"),))
    assert told.short() == "Shopbell box-1: line down m1. out of service"
    assert told.subject() == "[shopbell box-1] line down m1"


def test_a_hub_is_one_message_that_says_where_to_look() -> None:
    lines = tuple(alarm(AlarmKind.LINE_DOWN, f"m{place}") for place in range(8))
    told = message(new=lines)
    assert told.short() == (
        "Shopbell box-1: line down m0, m1, m2, m3, m4, m5 and 2 more. "
        "they went together: look at the hub, its supply and its cable first"
    )
    assert count_parts(told.short()).parts == 1
    assert told.subjects == {f"m{place}" for place in range(8)}
    assert "They went together" in told.body(ZoneInfo("Europe/London"))


def test_lines_that_go_one_by_one_are_no_hub() -> None:
    lines = tuple(
        alarm(AlarmKind.LINE_DOWN, f"m{place}", began_at=NOON + timedelta(hours=place))
        for place in range(3)
    )
    assert "hub" not in message(new=lines).short()


def test_new_repeated_and_over_are_told_apart() -> None:
    told = message(
        new=(alarm(AlarmKind.BROKER_AWAY),),
        again=(alarm(AlarmKind.BALANCE_LOW, "m2"),),
        over=(alarm(AlarmKind.LINE_DOWN, "m0", ended_at=NOON),),
    )
    assert told.short() == (
        "Shopbell box-1: broker away. Still on: balance low m2. Over: line down m0"
    )
    body = told.body(ZoneInfo("Asia/Tokyo"))
    assert "- line down of m0, since 26 Nov 21:00 until 21:00: why" in body
    document = told.document()
    assert json.loads(json.dumps(document))["over"][0]["kind"] == "line_down"


@given(st.text(max_size=900))
def test_an_sms_is_two_plain_parts_and_a_subject_one_line_whatever_is_in_it(detail: str) -> None:
    told = message(new=(alarm(AlarmKind.CARRIER_UNUSABLE, "m0", detail=detail),))
    parts = count_parts(told.short())
    assert parts.parts <= 2
    assert told.short().isascii()
    assert told.short().isprintable()
    assert told.subject().isprintable()
