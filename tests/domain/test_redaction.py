"""No number and no text of a person gets into a log."""

from __future__ import annotations

import pytest

from gateway.domain.redaction import StandIns, blank, redact_event, redact_text


@pytest.mark.rule("G-14")
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("+447700900123", "+44******23"),
        ("07700900123", "07******23"),
        ("to 07700 900123 again", "to 07******23 again"),
        ('{"to":"+447700900123"}', '{"to":"+44******23"}'),
        ("tel:+447700900123", "tel:+44******23"),
        ("imsi:234159876543210", "imsi:23******10"),
        ("(+447700900123, +447700900124)", "(+44******23, +44******24)"),
        ("+447700900123: no route", "+44******23: no route"),
        ("447700900123: no route", "44******23: no route"),
        ("+44 (0)7700 900-123", "+44******23"),
        ("sms_to_+447700900123_now", "sms_to_+44******23_now"),
    ],
)
def test_a_number_is_masked_wherever_it_stands(text: str, shown: str) -> None:
    assert redact_text(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23T09:00:05.000Z",
        "127.0.0.1:18830",
        "order-1001234-shipped",
        "/dev/serial/by-id/usb-1234567890",
        "cms 42 congestion",
        "within 180 s",
    ],
)
def test_what_is_no_number_of_a_person_stays(text: str) -> None:
    assert redact_text(text) == text


@pytest.mark.rule("G-14")
@pytest.mark.parametrize("key", ["text", "body", "pdu", "password", "pin", "vars"])
def test_what_is_secret_by_its_name_is_never_shown(key: str) -> None:
    assert redact_event(None, "info", {key: "Hello"}) == {key: "[redacted]"}


def test_numbers_are_found_inside_values_and_other_kinds_stay() -> None:
    event = {
        "sent": 3,
        "ok": True,
        "none": None,
        "told": ["+447700900123"],
        "by": {"a": "+4477009001"},
    }
    assert redact_event(None, "info", event) == {
        "sent": 3,
        "ok": True,
        "none": None,
        "told": ["+44******23"],
        "by": {"a": "+44******01"},
    }


def test_an_error_is_shown_by_its_masked_words() -> None:
    shown = redact_event(None, "info", {"error": ValueError("no route to +447700900123")})
    assert shown == {"error": "no route to +44******23"}


def test_stand_ins_count_and_keep_what_is_no_digit() -> None:
    stand_ins = StandIns()
    assert stand_ins.number("+44 7700-900123") == "+55 5555-000001"
    assert stand_ins.number("490154203237518") == "555555555000002"
    assert stand_ins.number("+447700900123") == "+555555000001"


def test_what_cannot_be_read_keeps_only_its_shape() -> None:
    assert blank('Your code, Zoë: 4711 "now"') == 'xxxx xxxx, xxx: 5555 "xxx"'
