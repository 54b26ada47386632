"""Rows: what is taken, what is refused, and what the refusal says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from support.sheets import CONFIRMED, FORM, GERMAN, NOW, NUMBER, SOLD, TEXT, YES, bring

from gateway.consent.imports.row import read_row
from gateway.consent.imports.said import RowError
from gateway.consent.texts import TextRegistry
from gateway.domain.consent import Action, Basis, Method


def refusal(**changes: Any) -> RowError:
    with pytest.raises(RowError) as refused:
        bring(**changes)
    assert NUMBER[-9:] not in str(refused.value)
    return refused.value


@pytest.mark.rule("G-1")
def test_a_yes_tells_who_when_where_and_to_which_wording() -> None:
    row = bring()
    (event,) = row.events
    assert (row.number, event.store, event.purpose) == (NUMBER, "acme", "marketing.offers")
    assert (event.action, event.method, event.basis) == (
        Action.GRANTED,
        Method.IMPORT,
        Basis.CONSENT,
    )
    assert event.at == datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    assert (event.text_version, event.text_digest, event.language) == ("v0", TEXT.digest, "en")
    assert (event.source, event.actor) == ("https://acme.example/checkout", "operator:kim")
    assert (event.confirmed, event.until) == (False, None)
    assert row.wording is not None
    assert row.wording.text == TEXT.text


@pytest.mark.rule("G-1", "G-14")
def test_the_ledger_gets_no_number() -> None:
    (event,) = bring().events
    assert NUMBER[-6:] not in repr(event)


@pytest.mark.rule("G-2")
@pytest.mark.parametrize("purpose", ["all", "marketing.offers+all"])
def test_a_yes_to_everything_is_none(purpose: str) -> None:
    assert "too wide" in str(refusal(purpose=purpose))


@pytest.mark.rule("G-2")
def test_a_yes_to_all_marketing_is_one_to_each_kind() -> None:
    row = bring(replace(FORM, texts=TextRegistry()), purpose="marketing")
    purposes = [event.purpose for event in row.events]
    assert purposes == ["marketing.offers", "marketing.restock", "marketing.cart"]
    assert refusal(purpose="marketing").column == "purpose", "the text asks for offers only"


@pytest.mark.rule("G-1")
def test_a_store_without_texts_on_file_names_a_version() -> None:
    row = bring(replace(FORM, texts=TextRegistry()), text_version="checkout-v2")
    (event,) = row.events
    assert (event.text_version, event.text_digest) == ("checkout-v2", None)
    assert row.wording is not None
    assert row.wording.text is None


@pytest.mark.rule("G-2")
def test_several_purposes_are_several_consents() -> None:
    row = bring(purpose="marketing.offers + cart", text_version="v0")
    assert [event.purpose for event in row.events] == ["marketing.offers", "marketing.cart"]


@pytest.mark.rule("G-2")
@pytest.mark.parametrize("missing", ["purpose", "channel"])
def test_a_yes_without_channel_or_purpose_is_refused(missing: str) -> None:
    error = refusal(**{missing: None})
    assert (error.column, "is missing" in error.reason) == (missing, True)


@pytest.mark.rule("G-2")
def test_consent_to_email_is_none_to_text_messages() -> None:
    assert refusal(channel="email").column == "channel"


@pytest.mark.rule("G-2")
def test_a_column_that_names_the_channel_will_do() -> None:
    assert bring(replace(FORM, says_sms=True), channel=None).events


@pytest.mark.rule("G-1")
@pytest.mark.parametrize(
    ("changes", "column", "says"),
    [
        ({"phone": None}, "phone", "is missing"),
        ({"phone": "12"}, "phone", "right"),
        ({"phone": "4.477E+11"}, "phone", "rounded by a spreadsheet"),
        ({"country": "UK"}, "country", "two letters"),
        ({"state": None}, "state", "subscribed or unsubscribed"),
        ({"state": "perhaps"}, "state", "subscribed or unsubscribed"),
        ({"state": "pending"}, "state", "shopbell consent request"),
        ({"store": "other"}, "store", "--store"),
        ({"purpose": "news"}, "purpose", "is no purpose"),
        ({"at": None}, "consented_at", "is missing"),
        ({"at": "01/03/2026"}, "consented_at", "2026-03-01T09:30:00Z"),
        ({"at": "2026-11-23T12:00:01Z"}, "consented_at", "still to come"),
        ({"at": "1970-01-01T00:00:00Z"}, "consented_at", "before the first text message"),
        ({"text_version": None}, "text_version", "the wording that was agreed to"),
        ({"text_version": "v9"}, "text_version", "v0, v1"),
        ({"text_version": "v1"}, "text_version", "needs a language; it is in de, en"),
        ({"text_version": "v1", "language": "fr"}, "text_version", "is in de, en"),
        ({"text_digest": "00"}, "text_digest", "was it edited"),
        ({"text": "Yes, offers.", "text_version": None}, "language", "is missing"),
        ({"text": "Yes.", "text_digest": "00", "language": "en"}, "text_digest", "SHA-256"),
        ({"text": "Another.", "language": "en"}, "text", "version v0"),
        ({"purpose": "marketing.restock"}, "purpose", "none that text v0 asks for"),
        ({"basis": "because"}, "basis", "consent or soft_opt_in"),
        ({"opt_in_level": "triple"}, "opt_in_level", "confirmed_opt_in"),
        ({**CONFIRMED, "confirmed_at": "2026-02-01T00:00:00Z"}, "confirmed_at", "before"),
        ({"until": "2026-11-01T00:00:00Z"}, "until", "ended on 2026-11-01"),
        ({"source": "https://a.example/?p=447700900123"}, "source", "holds the person's number"),
        ({"timezone": "Mars/One"}, "timezone", "tz database"),
        ({"postal_code": "x" * 17}, "postal_code", "characters"),
    ],
)
def test_what_a_row_lacks_is_named(changes: dict[str, Any], column: str, says: str) -> None:
    if changes.get("phone") == "12":
        says = "digits"
    error = refusal(**changes)
    assert (error.column, says in str(error)) == (column, True), str(error)


def test_who_never_consented_is_nothing_to_write_down() -> None:
    assert read_row(2, {"phone": NUMBER, "state": "Not Subscribed"}, FORM) is None


@pytest.mark.rule("G-3", "G-11")
def test_a_no_needs_neither_purpose_nor_instant() -> None:
    row = read_row(2, {"phone": NUMBER, "state": "opted out"}, FORM)
    assert row is not None
    (event,) = row.events
    assert (event.action, event.purpose, event.at) == (Action.WITHDRAWN, "marketing", NOW)
    assert (row.dated, row.facts) == (False, {})


@pytest.mark.rule("G-3", "G-11")
@pytest.mark.parametrize(
    "changes",
    [{"purpose": "news"}, {"at": "yesterday"}, {"at": "2030-01-01"}, {"source": NUMBER}],
)
def test_what_cannot_be_read_keeps_no_no_away(changes: dict[str, Any]) -> None:
    row = bring(state="unsubscribed", **{"purpose": None, **changes})
    (event,) = row.events
    assert (event.action, event.purpose) == (Action.WITHDRAWN, "marketing")
    assert NUMBER[-6:] not in repr(event)


@pytest.mark.rule("G-3")
def test_what_the_operator_states_narrows_no_no() -> None:
    form = replace(FORM, stated={"purpose": "marketing.cart"})
    assert bring(form, state="unsubscribed", purpose=None).events[0].purpose == "marketing"


@pytest.mark.rule("G-10")
def test_an_objection_is_one_to_all_marketing() -> None:
    (event,) = bring(state="objected").events
    assert (event.action, event.purpose) == (Action.OBJECTED, "marketing")


@pytest.mark.rule("G-1", "DE-1")
def test_a_double_opt_in_is_proved_by_its_answer() -> None:
    row = bring(**CONFIRMED)
    (event,) = row.events
    assert (event.confirmed, row.unproved) == (True, False)
    assert event.at == datetime(2026, 3, 1, 9, 31, tzinfo=UTC)
    assert event.evidence["confirmation_id"] == "m-77"
    assert event.evidence["confirmed_at"] == "2026-03-01T09:31:00+00:00"


@pytest.mark.rule("DE-1")
@pytest.mark.parametrize("missing", ["confirmed_at", "confirmation_id"])
def test_a_double_opt_in_that_nothing_proves_is_a_single_one(missing: str) -> None:
    row = bring(**{**CONFIRMED, missing: None})
    assert (row.events[0].confirmed, row.unproved) == (False, True)


@pytest.mark.rule("E-1")
def test_a_soft_opt_in_stands_on_a_paid_order() -> None:
    (event,) = bring(**SOLD, text_version=None).events
    assert event.basis is Basis.SOFT_OPT_IN
    assert (event.evidence["order"], event.evidence["notice"]) == ("o-1", "yes")
    assert event.evidence["categories"] == ["tea", "pots"]


@pytest.mark.rule("E-1")
@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"order": None}, "order_id"),
        ({"order_paid": None}, "order_id"),
        ({"order_paid": "pending"}, "order_id"),
        ({"categories": None}, "category"),
        ({"notice": None}, "notice"),
        ({"notice": "no"}, "notice"),
    ],
)
def test_an_account_or_a_cart_is_no_sale(changes: dict[str, Any], column: str) -> None:
    assert refusal(**{**SOLD, **changes}).column == column


@pytest.mark.rule("CA-1")
def test_what_a_purchase_implies_ends_after_two_years_in_canada() -> None:
    row = bring(**SOLD, phone="+14165550123", until="2039-01-01")
    assert row.events[0].until == row.events[0].at + timedelta(days=730)
    assert refusal(**SOLD, phone="+14165550123", at="2024-01-01T00:00:00Z").column == "until"


@pytest.mark.rule("CA-1")
def test_an_end_that_is_stated_is_kept() -> None:
    assert bring(until="2027-01-01T00:00:00Z").events[0].until == datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.rule("G-1")
def test_a_row_may_bring_its_own_wording() -> None:
    row = bring(text="Ja, bitte.", text_version="old", language="de")
    assert row.wording is not None
    assert (row.wording.version, row.wording.language, row.wording.text) == (
        "old",
        "de",
        "Ja, bitte.",
    )


@pytest.mark.rule("G-1")
def test_a_dialect_finds_the_text_of_its_language() -> None:
    assert bring(text_version="v1", language="de-AT").events[0].text_digest == GERMAN.digest


def test_what_the_operator_states_fills_what_rows_lack_and_is_told() -> None:
    form = replace(FORM, stated={"purpose": "marketing.cart", "channel": "sms"})
    (event,) = bring(form, purpose=None, channel=None).events
    assert event.purpose == "marketing.cart"
    assert event.evidence["stated_by_operator"] == ["channel", "purpose"]
    assert bring(form).events[0].purpose == "marketing.offers"


def test_place_and_age_are_kept_for_the_rules() -> None:
    row = bring(country="us", phone="+12125550123", postal_code="10001", minor="yes")
    assert row.facts == {"country": "US", "postal_code": "10001", "minor": True}


@pytest.mark.rule("G-6")
def test_another_number_is_another_person() -> None:
    assert bring().persons != bring(phone="+447700900124").persons


def test_a_national_number_is_one_of_the_country() -> None:
    assert bring(phone="07700 900123").number == NUMBER
    assert bring(phone="'+447700900123").number == NUMBER
    assert dict(YES)["phone"] == NUMBER
