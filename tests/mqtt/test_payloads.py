from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.mqtt import ACME

from gateway.dispatch.entries import CancelRequest
from gateway.dispatch.rejection import rejection_body
from gateway.domain.consent import ASKED_SCOPES, Scope
from gateway.domain.errors import RejectedError
from gateway.domain.ids import JOB_ID, JobId
from gateway.domain.job import NEVER, JobRequest
from gateway.domain.purpose import Purpose
from gateway.mqtt.faults import Fault
from gateway.mqtt.payloads import parse_cancel, parse_job

JOB: dict[str, Any] = {
    "id": "order-1001-shipped",
    "to": "+447700900123",
    "text": "Your order has shipped.",
    "purpose": "transactional",
}
LEFT_OUT = "(left out)"


def job_bytes(**changes: Any) -> bytes:
    fields = {key: value for key, value in (JOB | changes).items() if value != LEFT_OUT}
    return json.dumps(fields).encode()


def refusal_of(payload: bytes, parse: Callable[..., object] = parse_job) -> RejectedError:
    with pytest.raises(RejectedError) as caught:
        parse(ACME, payload)
    return caught.value


def test_the_job_of_the_contract_is_read_field_by_field() -> None:
    payload = job_bytes(
        send_at="2026-11-23T10:30:00+01:00", expires_at="2026-11-23T18:00:00.250Z", report=False
    )
    assert parse_job(ACME, payload) == JobRequest(
        store=ACME,
        id=JobId("order-1001-shipped"),
        to="+447700900123",
        text="Your order has shipped.",
        purpose=Purpose.TRANSACTIONAL,
        send_at=datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
        expires_at=datetime(2026, 11, 23, 18, 0, 0, 250_000, tzinfo=UTC),
        report=False,
    )


@pytest.mark.parametrize(
    ("purpose", "scope"),
    [(purpose, scope) for purpose in Purpose for scope in sorted(ASKED_SCOPES[purpose])],
)
def test_every_scope_that_a_store_may_ask_for_is_read(purpose: Purpose, scope: Scope) -> None:
    job = parse_job(ACME, job_bytes(purpose=purpose.value, scope=scope.value, category="tea"))
    assert (job.scope, job.category) == (scope, "tea")


def test_what_is_left_out_or_null_has_its_default() -> None:
    nothing = dict.fromkeys(["send_at", "expires_at", "template", "vars"])
    job = parse_job(ACME, job_bytes(**nothing))
    assert job == parse_job(ACME, job_bytes())
    assert (job.send_at, job.expires_at, job.report) == (None, NEVER, True)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_every_purpose_of_the_contract_is_read(purpose: Purpose) -> None:
    assert parse_job(ACME, job_bytes(purpose=purpose.value)).purpose is purpose


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("2026-11-23T09:30:00Z", 9),
        ("2026-11-23t09:30:00z", 9),
        ("2026-11-23 09:30:00Z", 9),
        ("2026-11-23T09:30:00.123456789Z", 9),
        ("2026-11-23T09:30:00-05:00", 14),
        ("2026-11-23T09:30:00+00:00", 9),
    ],
)
def test_every_writing_of_rfc_3339_is_read(written: str, hour: int) -> None:
    send_at = parse_job(ACME, job_bytes(send_at=written)).send_at
    assert send_at is not None
    assert (send_at.tzinfo, send_at.hour, send_at.minute) == (UTC, hour, 30)


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-23T09:30:00",
        "2026-11-23",
        "2026-11-23T09:30Z",
        "20261123T093000Z",
        "2026-W48-1T09:30:00Z",
        "2026-11-31T09:30:00Z",
        "2026-11-23T24:30:00Z",
        "2026-11-23T23:59:60Z",
        "2026-11-23T09:30:00,5Z",
        "2026-11-23T09:30:00+25:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "\uff12\uff10\uff12\uff16-11-23T09:30:00Z",
        "tomorrow",
        "",
        "2026-11-23T09:30:00Z\n",
    ],
)
@pytest.mark.parametrize("field", ["send_at", "expires_at"])
def test_an_instant_that_is_none_or_has_no_zone_is_refused(field: str, written: str) -> None:
    refusal = refusal_of(job_bytes(**{field: written}))
    assert (refusal.code, refusal.field) == (Fault.INVALID_VALUE, field)
    assert "with a zone" in str(refusal)


@pytest.mark.parametrize(
    ("changes", "code", "field", "says"),
    [
        ({"id": LEFT_OUT}, Fault.MISSING_FIELD, "id", "id is required"),
        ({"to": LEFT_OUT}, Fault.MISSING_FIELD, "to", "to is required"),
        ({"purpose": LEFT_OUT}, Fault.MISSING_FIELD, "purpose", "purpose is required"),
        ({"text": LEFT_OUT}, Fault.MISSING_FIELD, "text", "text or template is required"),
        ({"text": None}, Fault.MISSING_FIELD, "text", "text or template is required"),
        ({"id": 1}, Fault.WRONG_TYPE, "id", "must be a string, not a number"),
        ({"id": None}, Fault.WRONG_TYPE, "id", "not null"),
        ({"to": 447700900123}, Fault.WRONG_TYPE, "to", "not a number"),
        ({"to": ["+447700900123"]}, Fault.WRONG_TYPE, "to", "not an array"),
        ({"text": 1.0}, Fault.WRONG_TYPE, "text", "not a number"),
        ({"text": {"en": "x"}}, Fault.WRONG_TYPE, "text", "not an object"),
        ({"purpose": 1}, Fault.WRONG_TYPE, "purpose", "not a number"),
        ({"purpose": True}, Fault.WRONG_TYPE, "purpose", "not a boolean"),
        ({"purpose": []}, Fault.WRONG_TYPE, "purpose", "not an array"),
        ({"report": 1}, Fault.WRONG_TYPE, "report", "must be true or false"),
        ({"report": "true"}, Fault.WRONG_TYPE, "report", "not a string"),
        ({"report": None}, Fault.WRONG_TYPE, "report", "not null"),
        ({"send_at": 1795426200}, Fault.WRONG_TYPE, "send_at", "not a number"),
        ({"template": 1, "text": LEFT_OUT}, Fault.WRONG_TYPE, "template", "a string"),
        ({"vars": "x"}, Fault.WRONG_TYPE, "vars", "must be an object"),
        ({"id": ""}, Fault.INVALID_VALUE, "id", "1 to 64"),
        ({"id": "x" * 65}, Fault.INVALID_VALUE, "id", "1 to 64"),
        ({"id": "order 1"}, Fault.INVALID_VALUE, "id", "1 to 64"),
        ({"id": "order-1\n"}, Fault.INVALID_VALUE, "id", "1 to 64"),
        ({"id": "ordér"}, Fault.INVALID_VALUE, "id", "1 to 64"),
        ({"to": ""}, Fault.INVALID_NUMBER, "to", "phone number"),
        ({"to": "+" + "4" * 64}, Fault.INVALID_NUMBER, "to", "64 characters"),
        ({"text": ""}, Fault.INVALID_VALUE, "text", "empty"),
        ({"text": "a\0b"}, Fault.INVALID_VALUE, "text", "NUL"),
        ({"text": "a\n\0"}, Fault.INVALID_VALUE, "text", "NUL"),
        ({"text": "half \ud83d"}, Fault.INVALID_VALUE, "text", "surrogate"),
        ({"to": "\udc00"}, Fault.INVALID_VALUE, "to", "surrogate"),
        ({"purpose": "promo"}, Fault.INVALID_VALUE, "purpose", "otp, transactional, marketing"),
        ({"purpose": "OTP"}, Fault.INVALID_VALUE, "purpose", "otp"),
        ({"scope": "cart"}, Fault.INVALID_VALUE, "scope", "transactional job must be one of order"),
        (
            {"purpose": "marketing", "scope": "order"},
            Fault.INVALID_VALUE,
            "scope",
            "one of cart, offers, restock",
        ),
        ({"scope": "reply"}, Fault.INVALID_VALUE, "scope", "offers"),
        ({"scope": 1}, Fault.WRONG_TYPE, "scope", "not a number"),
        ({"category": ""}, Fault.INVALID_VALUE, "category", "1 to 64"),
        ({"category": "x" * 65}, Fault.INVALID_VALUE, "category", "1 to 64"),
        ({"category": "a\0"}, Fault.INVALID_VALUE, "category", "NUL"),
        ({"category": 1}, Fault.WRONG_TYPE, "category", "not a number"),
        ({"template": "hello"}, Fault.INVALID_VALUE, "template", "not both"),
        ({"vars": {"a": 1}}, Fault.INVALID_VALUE, "vars", "template only"),
        ({"text": LEFT_OUT, "template": ""}, Fault.INVALID_VALUE, "template", "1 to 64"),
        ({"text": LEFT_OUT, "template": "x" * 65}, Fault.INVALID_VALUE, "template", "1 to 64"),
        (
            {"text": LEFT_OUT, "template": "t", "vars": {"a": [[[[[[[1]]]]]]]}},
            Fault.INVALID_VALUE,
            "vars",
            "6 deep",
        ),
        (
            {"text": LEFT_OUT, "template": "t", "vars": {"a": [1] * 500}},
            Fault.INVALID_VALUE,
            "vars",
            "500 values",
        ),
        (
            {"text": LEFT_OUT, "template": "t", "vars": {"a": 10**15}},
            Fault.INVALID_VALUE,
            "vars",
            "15 digits",
        ),
        ({"text": LEFT_OUT, "template": 1}, Fault.WRONG_TYPE, "template", "not a number"),
        (
            {"send_at": "2026-11-23T09:30:00Z", "expires_at": "2026-11-23T09:30:00Z"},
            Fault.INVALID_VALUE,
            "expires_at",
            "after send_at",
        ),
        (
            {"send_at": "2026-11-23T09:30:00Z", "expires_at": "2026-11-23T10:00:00+01:00"},
            Fault.INVALID_VALUE,
            "expires_at",
            "after send_at",
        ),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_each_fault_has_its_code_its_field_and_its_remedy(
    changes: dict[str, Any], code: Fault, field: str, says: str
) -> None:
    refusal = refusal_of(job_bytes(**changes))
    assert (refusal.code, refusal.field) == (code, field)
    assert says in str(refusal)
    assert refusal.job == (None if field == "id" else JOB["id"])


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("ID", "did you mean id?"),
        ("expire_at", "did you mean expires_at?"),
        ("sendAt", "did you mean send_at?"),
        ("porpoise", "did you mean purpose?"),
        ("zzz", "there are id, to, text"),
        ("\ud800", "there are id"),
        ("", "there are id"),
    ],
)
def test_an_unknown_field_is_named_with_the_nearest_known_one(key: str, says: str) -> None:
    refusal = refusal_of(job_bytes(**{key: 1}))
    assert (refusal.code, refusal.job) == (Fault.UNKNOWN_FIELD, JOB["id"])
    assert says in str(refusal)


def test_a_misspelt_field_is_reported_as_such_and_not_as_a_missing_one() -> None:
    refusal = refusal_of(job_bytes(purpose=LEFT_OUT, purpos="otp"))
    assert (refusal.code, refusal.field) == (Fault.UNKNOWN_FIELD, "purpos")


def test_a_refusal_never_quotes_the_text_or_the_number() -> None:
    """It is chained to nothing either: pydantic's own error quotes both."""
    refusal = refusal_of(job_bytes(text="secret\0", to="+447700900123"))
    assert "secret" not in repr(refusal)
    assert refusal.__cause__ is None
    assert refusal.__context__ is None


@pytest.mark.rule("G-14")
def test_a_field_that_is_a_number_is_not_said_back() -> None:
    refusal = refusal_of(job_bytes(**{"+447700900123": 1}))
    assert refusal.field == "+44******23"
    assert "7700" not in str(refusal)


@pytest.mark.rule("G-14")
def test_a_number_as_a_key_that_comes_twice_is_not_said_back() -> None:
    refusal = refusal_of(b'{"+447700900123": 1, "+447700900123": 2}')
    assert "7700" not in f"{refusal} {refusal.field}"


def test_a_cancel_names_a_job() -> None:
    assert parse_cancel(ACME, b'{"id": "a"}') == CancelRequest(store=ACME, id=JobId("a"))


@pytest.mark.parametrize(
    ("payload", "code", "field", "job"),
    [
        (b"{}", Fault.MISSING_FIELD, "id", None),
        (b'{"id": 1}', Fault.WRONG_TYPE, "id", None),
        (b'{"id": "a b"}', Fault.INVALID_VALUE, "id", None),
        (b'{"id": "a", "reason": "x"}', Fault.UNKNOWN_FIELD, "reason", "a"),
        (b"a", Fault.NOT_JSON, None, None),
    ],
)
def test_a_cancel_that_is_wrong_is_refused_like_a_job(
    payload: bytes, code: Fault, field: str | None, job: str | None
) -> None:
    refusal = refusal_of(payload, parse_cancel)
    assert (refusal.code, refusal.field, refusal.job) == (code, field, job)


SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None))
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
JOBS_WITH_FAULTS = st.dictionaries(
    st.sampled_from([*JOB, "send_at", "expires_at", "report", "template", "vars"])
    | st.text(st.characters(codec=None), max_size=5),
    VALUES | st.sampled_from(["2026-11-23T09:30:00Z", "otp", "+447700900123"]),
    max_size=4,
).map(lambda changes: json.dumps(JOB | changes).encode())
BROKEN = st.tuples(JOBS_WITH_FAULTS, st.integers(0, 200), st.binary(max_size=3)).map(
    lambda it: it[0][: it[1]] + it[2] + it[0][it[1] :]
)


@pytest.mark.parametrize("parse", [parse_job, parse_cancel])
@given(payload=st.binary(max_size=200) | JOBS_WITH_FAULTS | BROKEN | VALUES.map(json.dumps))
@example(payload=b'{"id":"a","vars":' + b"[" * 30_000)
@example(payload=b"[" * 990 + b"]" * 990)
def test_nothing_that_can_be_published_does_more_than_be_refused(
    parse: Callable[..., JobRequest | CancelRequest], payload: bytes | str
) -> None:
    """Whatever comes is a request, or one refusal that can itself be published."""
    outcome = outcome_of(parse, payload.encode() if isinstance(payload, str) else payload)
    if not isinstance(outcome, RejectedError):
        assert JOB_ID.match(outcome.id)
        return
    assert outcome.code in set(Fault)
    assert outcome.job is None or JOB_ID.match(outcome.job)
    body = rejection_body(outcome, datetime(2026, 11, 23, tzinfo=UTC)).encode()
    assert len(body) < 1000
    assert json.loads(body)["error"]["message"]


def outcome_of(
    parse: Callable[..., JobRequest | CancelRequest], payload: bytes
) -> JobRequest | CancelRequest | RejectedError:
    try:
        return parse(ACME, payload)
    except RejectedError as refusal:
        return refusal
