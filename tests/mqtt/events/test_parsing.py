"""Events at the door: read, or refused with the place and the rule."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.events import (
    CONSENT,
    CUSTOMER,
    LEFT_OUT,
    PRIVACY,
    PROPERTIES,
    RECONCILE,
    document,
    event,
)
from support.mqtt import ACME
from support.schemas import faults

from gateway.dispatch.entries import Refusal
from gateway.dispatch.rejection import rejection_body
from gateway.domain.consent import PURPOSES, Action, Basis
from gateway.domain.errors import RejectedError
from gateway.domain.event import ConsentUpdate, CustomerUpdate, PrivacyRequest, Right
from gateway.mqtt.entries import read_entry
from gateway.mqtt.events import EVENTS, parse_event
from gateway.mqtt.events.consent import ConsentProperties
from gateway.mqtt.faults import Fault
from gateway.mqtt.ports import Received

SOURCE = "//shop.example/main"
SOFT = {
    "legal_basis": "soft_opt_in",
    "order_id": "1001",
    "order_paid": True,
    "categories": ["tea"],
    "notice": "n-1",
}


def refusal_of(written: dict[str, Any]) -> RejectedError:
    with pytest.raises(RejectedError) as caught:
        parse_event(ACME, json.dumps(written).encode())
    return caught.value


@pytest.mark.rule("G-1", "G-3")
def test_a_consent_is_read_field_by_field() -> None:
    read = event(
        CONSENT,
        opt_in_level="confirmed_opt_in",
        evidence_url="https://shop.example/consents/1",
        text_digest="a" * 64,
        language="de_DE",
        valid_until="2028-11-23T00:00:00Z",
    )
    assert (read.store, read.id, read.source, read.type) == (ACME, "event-1", SOURCE, CONSENT)
    assert read.time == datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    assert read.content == ConsentUpdate(
        phone="+447700900123",
        customer="8812",
        purpose="marketing.offers",
        action=Action.GRANTED,
        at=read.time,
        confirmed=True,
        until=datetime(2028, 11, 23, tzinfo=UTC),
        text_version="sms-2026-03",
        text_digest="a" * 64,
        language="de-DE",
        source="https://shop.example/checkout",
        evidence={
            "event": "event-1",
            "event_source": SOURCE,
            "url": "https://shop.example/consents/1",
        },
    )


def test_a_soft_opt_in_brings_what_the_gate_asks_of_one() -> None:
    read = event(CONSENT, **SOFT).content
    assert isinstance(read, ConsentUpdate)
    assert read.basis is Basis.SOFT_OPT_IN
    assert {
        "order": "1001",
        "categories": ["tea"],
        "notice": "n-1",
    }.items() <= read.evidence.items()


@pytest.mark.parametrize(
    ("state", "action"),
    [
        ("subscribed", Action.GRANTED),
        ("unsubscribed", Action.WITHDRAWN),
        ("pending", Action.REQUESTED),
    ],
)
def test_every_state_is_an_action_of_the_ledger(state: str, action: Action) -> None:
    read = event(CONSENT, state=state).content
    assert isinstance(read, ConsentUpdate)
    assert read.action is action


@pytest.mark.rule("G-2")
def test_the_purposes_of_events_are_those_of_the_ledger() -> None:
    named = ConsentProperties.model_json_schema()["properties"]["purpose"]["enum"]
    assert sorted(named) == sorted(PURPOSES)


@pytest.mark.parametrize("kind", list(Right))
def test_every_right_is_read(kind: Right) -> None:
    due = datetime(2026, 12, 23, tzinfo=UTC)
    assert event(PRIVACY, kind=kind.value).content == PrivacyRequest(
        phone="+447700900123", customer="8812", kind=kind, due_at=due
    )


def test_a_customer_is_read_and_what_is_not_needed_is_let_pass() -> None:
    read = event(
        CUSTOMER,
        postal_code="EC1A 1BB",
        locale="en-GB",
        minor=True,
        first_name="Ada",
        last_name="Lovelace",
        preferences=["tea", "product:p1", "tea", ""],
        tags=[],
        birthday="1815-12-10",
        joined_at="2026-01-02T03:04:05Z",
        envelope={"traceparent": "00-1", "datacontenttype": "application/json"},
    )
    assert read.content == CustomerUpdate(
        phone="+447700900123",
        customer="8812",
        country="GB",
        postal_code="EC1A 1BB",
        timezone="Europe/London",
        language="en-GB",
        minor=True,
        first_name="Ada",
        preferences=("tea", "product:p1"),
        tags=(),
        birthday="12-10",
        joined_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    )


def test_a_customer_is_read_in_segments_spelling() -> None:
    written = document(CUSTOMER, firstName="Ada", createdAt="2026-01-02T03:04:05Z", phone=LEFT_OUT)
    read = parse_event(ACME, json.dumps(written).encode()).content
    assert isinstance(read, CustomerUpdate)
    assert (read.first_name, read.joined_at) == ("Ada", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    assert (read.phone, read.preferences, read.tags) == (None, None, None)


def test_the_language_of_the_shop_stands_in_for_one_that_is_not_told() -> None:
    written = document(CUSTOMER)
    written["data"]["context"] = {"locale": "fr-FR", "timezone": "no zone, and not looked at"}
    read = parse_event(ACME, json.dumps(written).encode()).content
    assert isinstance(read, CustomerUpdate)
    assert read.language == "fr-FR"


@pytest.mark.parametrize(
    ("subject", "user", "customer"),
    [
        ("customer/8812", None, "8812"),
        ("customer/8812", "1", "1"),
        ("order/8812", None, None),
        ("customer/", None, None),
        (None, None, None),
    ],
)
def test_the_customer_is_the_user_or_the_subject(
    subject: str | None, user: str | None, customer: str | None
) -> None:
    read = event(CUSTOMER, customer=user, envelope={"subject": subject}).content
    assert read.customer == customer


@pytest.mark.parametrize(
    ("kind", "changes", "code", "field", "says"),
    [
        (CONSENT, {"channel": LEFT_OUT}, Fault.MISSING_FIELD, "channel", "is required"),
        (CONSENT, {"channel": "email"}, Fault.INVALID_VALUE, "channel", "'sms'"),
        (CONSENT, {"purpose": LEFT_OUT}, Fault.MISSING_FIELD, "purpose", "is required"),
        (CONSENT, {"purpose": "yes"}, Fault.INVALID_VALUE, "purpose", "marketing.offers"),
        (CONSENT, {"purpose": ["a"]}, Fault.WRONG_TYPE, "purpose", "not an array"),
        (CONSENT, {"purpose": "all"}, Fault.INVALID_VALUE, "purpose", "names what for"),
        (CONSENT, SOFT | {"order_paid": False}, Fault.INVALID_VALUE, "order_paid", "must be true"),
        (CONSENT, SOFT | {"notice": None}, Fault.MISSING_FIELD, "notice", "soft_opt_in"),
        (
            CONSENT,
            {"text_version": LEFT_OUT},
            Fault.MISSING_FIELD,
            "text_version",
            "is required of a consent",
        ),
        (
            CONSENT,
            {"state": "pending", "consent_collected_from": None},
            Fault.MISSING_FIELD,
            "consent_collected_from",
            "of a consent",
        ),
        (
            CONSENT,
            {"opt_in_level": "confirmed_opt_in"},
            Fault.MISSING_FIELD,
            "evidence_url",
            "confirmed_opt_in",
        ),
        (CONSENT, {"legal_basis": "soft_opt_in"}, Fault.MISSING_FIELD, "order_id", "soft_opt_in"),
        (
            CONSENT,
            {"consent_updated_at": "today"},
            Fault.INVALID_VALUE,
            "consent_updated_at",
            "zone",
        ),
        (CONSENT, {"text_digest": "A" * 64}, Fault.INVALID_VALUE, "text_digest", "SHA-256"),
        (CONSENT, {"language": "German"}, Fault.INVALID_VALUE, "language", "BCP 47"),
        (CONSENT, {"categories": "tea"}, Fault.WRONG_TYPE, "categories", "an array"),
        (CONSENT, {"categories": []}, Fault.INVALID_VALUE, "categories", "at least 1"),
        (CONSENT, {"categories": [1]}, Fault.WRONG_TYPE, "categories.0", "a string"),
        (CONSENT, {"text_version": "x" * 65}, Fault.INVALID_VALUE, "text_version", "at most 64"),
        (CONSENT, {"text_version": "a\0"}, Fault.INVALID_VALUE, "text_version", "NUL"),
        (PRIVACY, {"kind": "forget"}, Fault.INVALID_VALUE, "kind", "'access'"),
        (PRIVACY, {"due_at": LEFT_OUT}, Fault.MISSING_FIELD, "due_at", "is required"),
        (CUSTOMER, {"phone": 447700900123}, Fault.WRONG_TYPE, "phone", "not a number"),
        (CUSTOMER, {"phone": ""}, Fault.INVALID_NUMBER, "phone", "phone number"),
        (CUSTOMER, {"timezone": "London"}, Fault.INVALID_VALUE, "timezone", "tz database"),
        (CUSTOMER, {"country": "UK"}, Fault.INVALID_VALUE, "country", "ISO 3166"),
        (CUSTOMER, {"minor": "no"}, Fault.WRONG_TYPE, "minor", "true or false"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_each_fault_has_its_code_its_place_and_its_rule(
    kind: str, changes: dict[str, Any], code: Fault, field: str, says: str
) -> None:
    refused = refusal_of(document(kind, **changes))
    assert (refused.code, refused.field) == (code, f"data.properties.{field}")
    assert says in str(refused)
    assert (refused.job, refused.source) == ("event-1", SOURCE)


@pytest.mark.parametrize(
    ("envelope", "code", "field"),
    [
        ({"specversion": "0.3"}, Fault.INVALID_VALUE, "specversion"),
        ({"id": ""}, Fault.INVALID_VALUE, "id"),
        ({"id": 7}, Fault.WRONG_TYPE, "id"),
        ({"id": "a\nb"}, Fault.INVALID_VALUE, "id"),
        ({"source": "x" * 257}, Fault.INVALID_VALUE, "source"),
        ({"type": None}, Fault.MISSING_FIELD, "type"),
        ({"type": 7}, Fault.WRONG_TYPE, "type"),
        ({"type": ["a"]}, Fault.WRONG_TYPE, "type"),
        ({"type": "shop.order.complete.v1"}, Fault.UNKNOWN_TYPE, "type"),
        ({"time": "2026-11-23T08:30:00"}, Fault.INVALID_VALUE, "time"),
        ({"data": []}, Fault.WRONG_TYPE, "data"),
        ({"data": {}}, Fault.MISSING_FIELD, "data.properties"),
        ({"datacontenttype": "text/xml"}, Fault.INVALID_VALUE, "datacontenttype"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_wrong_envelope_is_refused(envelope: dict[str, Any], code: Fault, field: str) -> None:
    refused = refusal_of(document(CONSENT, envelope=envelope))
    assert (refused.code, refused.field) == (code, field)
    assert refused.job == (None if field == "id" else "event-1")
    assert refused.source == (None if field == "source" else SOURCE)


def test_an_event_is_about_somebody() -> None:
    refused = refusal_of(document(PRIVACY, customer=None, phone=LEFT_OUT))
    assert (refused.code, refused.field) == (Fault.MISSING_FIELD, "data.properties.phone")
    assert "userId" in str(refused)


def test_the_name_of_data_is_that_of_the_type() -> None:
    written = document(CONSENT)
    written["data"]["event"] = "Order Completed"
    assert refusal_of(written).field == "data.event"


@pytest.mark.rule("G-14")
def test_a_refusal_never_quotes_the_number() -> None:
    refused = refusal_of(document(CUSTOMER, phone="+447700900123" * 9, minor=3))
    assert "7700900" not in rejection_body(refused, datetime(2026, 11, 23, tzinfo=UTC))
    assert refused.__cause__ is None
    assert refused.__context__ is None


def arrived(payload: bytes, *, retain: bool = False) -> Received:
    return Received(topic="shopbell/v1/acme/events", payload=payload, retain=retain)


def test_more_than_64_kib_is_refused() -> None:
    """Also in fields that nobody looks at."""
    written = document(CONSENT, essay="x" * 64 * 1024)
    refused = read_entry(arrived(json.dumps(written).encode()))
    assert isinstance(refused, Refusal)
    assert refused.error.code == Fault.TOO_LARGE
    fitting = document(CONSENT, essay="x" * 63 * 1024)
    assert not isinstance(read_entry(arrived(json.dumps(fitting).encode())), Refusal)


@pytest.mark.rule("G-14")
def test_a_retained_event_is_refused_by_its_name() -> None:
    name = "urn:uuid:6f1d/not-a-job's"
    refused = read_entry(arrived(json.dumps(document(CONSENT, name)).encode(), retain=True))
    assert isinstance(refused, Refusal)
    assert (refused.error.code, refused.error.job) == (Fault.RETAINED, name)


def test_an_event_is_the_same_when_only_its_time_and_its_envelope_differ() -> None:
    first = event(CONSENT)
    assert event(CONSENT, time="2026-11-23T08:31:00Z", envelope={"x": 1}).digest == first.digest
    assert event(CONSENT, purpose="marketing.cart").digest != first.digest
    assert event(CONSENT, envelope={"subject": "customer/1"}).digest != first.digest


VALUES = (
    st.none()
    | st.booleans()
    | st.integers(-2, 2)
    | st.sampled_from([*PURPOSES, "subscribed", "unsubscribed", "pending", "sms", "a\0", "\n", ""])
    | st.sampled_from(["confirmed_opt_in", "soft_opt_in", "consent", "access", "x" * 65, "a" * 64])
    | st.sampled_from(["2026-11-23T09:30:00Z", "de-DE", "de_DE", "de-", "+447700900124"])
    | st.sampled_from([[], ["tea"], [1], {}, {"locale": "de"}])
    | st.sampled_from(["23.9", "1.00000", "-1", "1e3", "02-30", "02-29", "1990-12-31", "p1"])
    | st.sampled_from(["https://shop.example/p1", "javascript:alert(1)", "delivered", "price_drop"])
    | st.sampled_from([[{"product_id": "p1", "price": 1}], [{"product_id": "p1", "price": True}]])
)
FIELDS = st.sampled_from(
    [
        *ConsentProperties.model_fields,
        *("kind", "due_at", "country", "postal_code", "minor", "extra", "first_name", "firstName"),
        *("birthday", "createdAt", "preferences", "product_id", "price", "name", "url", "products"),
        *("value", "total", "status", "shipment_status", "tracking_url", "cart_id", "order_id"),
        *("change", "inventory_quantity", "is_first_order", "coupon_id"),
    ]
)
ENVELOPE = st.sampled_from(
    ["specversion", "id", "source", "time", "subject", "datacontenttype", "extra", "data"]
)


@given(
    kind=st.sampled_from([*EVENTS]),
    properties=st.dictionaries(FIELDS, VALUES, max_size=4),
    envelope=st.dictionaries(ENVELOPE, VALUES, max_size=1),
)
def test_the_schemas_and_the_door_say_the_same(
    kind: str, properties: dict[str, Any], envelope: dict[str, Any]
) -> None:
    """But for what no schema can say: which countries, currencies and days there are."""
    written = document(kind, envelope=envelope, **properties)
    if "country" in properties and kind == CUSTOMER:
        return
    if kind == RECONCILE or "currency" in properties:
        return
    try:
        parse_event(ACME, json.dumps(written).encode())
        refused = None
    except RejectedError as error:
        refused = str(error)
    assert (refused is None) == (faults(kind, written) == []), (refused, faults(kind, written))


@given(payload=st.binary(max_size=100) | VALUES.map(lambda value: json.dumps(value).encode()))
def test_nothing_that_can_be_published_does_more_than_be_refused(payload: bytes) -> None:
    with pytest.raises(RejectedError) as caught:
        parse_event(ACME, payload)
    assert json.loads(rejection_body(caught.value, datetime(2026, 11, 23, tzinfo=UTC)))["error"]


def test_every_type_is_the_constant_of_its_model() -> None:
    """So that a payload is one message of its topic and of no other."""
    for kind, model in EVENTS.items():
        assert model.model_json_schema()["properties"]["type"]["const"] == kind
    assert set(PROPERTIES) == set(EVENTS)
