"""What the schemas take the door takes, and the other way round."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.mqtt import ACME
from support.schemas import faults

from gateway.domain.errors import RejectedError
from gateway.mqtt.payloads import JobPayload, parse_cancel, parse_job

JOB: dict[str, Any] = {"id": "a", "to": "+447700900123", "text": "Hello", "purpose": "otp"}

INSTANTS = [
    "2026-11-23T09:30:00Z",
    "2026-11-23 09:30:00.5+01:00",
    "2026-11-23T09:30:00",
    "2026-11-23",
    "2026-11-23T09:30:00Z\n",
]
VALUES = (
    st.none()
    | st.booleans()
    | st.integers(-2, 2)
    | st.text(st.characters(codec="utf-8"), max_size=5)
    | st.sampled_from(
        [*INSTANTS, "marketing", "cart", "order", "x" * 64, "x" * 65, "a b", "a\n", "\0", "\n", "é"]
    )
    | st.just([])
    | st.just({})
    | st.just({"a": 1})
)
FIELDS = st.sampled_from([*JobPayload.model_fields, "extra"])


@st.composite
def jobs(draw: st.DrawFn) -> dict[str, Any]:
    changed = JOB | draw(st.dictionaries(FIELDS, VALUES, max_size=3))
    for field in draw(st.sets(st.sampled_from([*JOB]), max_size=1)):
        changed.pop(field, None)
    return changed


@given(job=jobs())
def test_the_schema_of_a_job_and_the_door_say_the_same(job: dict[str, Any]) -> None:
    """But for what no schema can say: the order of two instants."""
    refused = refusal(parse_job, job)
    if refused is not None and "after send_at" in str(refused):
        return
    assert (refused is None) == (faults("job", job) == []), (refused, faults("job", job))


@given(name=VALUES, extra=st.dictionaries(st.sampled_from(["id", "reason"]), VALUES, max_size=1))
def test_the_schema_of_a_cancel_and_the_door_say_the_same(name: Any, extra: dict[str, Any]) -> None:
    cancel = {"id": name} | extra
    assert (refusal(parse_cancel, cancel) is None) == (faults("cancel", cancel) == [])


@pytest.mark.parametrize(
    ("job", "holds"),
    [
        (JOB, True),
        (JOB | {"template": None, "vars": None}, True),
        (JOB | {"template": "t"}, False),
        (JOB | {"vars": {}}, False),
        ({**JOB, "text": None}, False),
        ({**JOB, "text": None, "template": "t", "vars": {"a": 1}}, True),
    ],
)
def test_a_job_has_a_text_or_a_template(job: dict[str, Any], holds: bool) -> None:
    assert (faults("job", job) == []) is holds


def refusal(parse: Any, payload: dict[str, Any]) -> RejectedError | None:
    try:
        parse(ACME, json.dumps(payload).encode())
    except RejectedError as refused:
        return refused
    return None
