from __future__ import annotations

import pytest

from gateway.sms.email import Email, email_in


@pytest.mark.parametrize(
    ("text", "sender", "subject", "body"),
    [
        ("foo@example.com hello there", "foo@example.com", None, "hello there"),
        ("foo@example.com (Order 1) hello", "foo@example.com", "Order 1", "hello"),
        ("foo@example.com(Order 1)hello", "foo@example.com", "Order 1", "hello"),
        ("foo@example.com /Order 1 /hello", "foo@example.com", "Order 1", "hello"),
        ("foo@example.com##Order 1##hello", "foo@example.com", "Order 1", "hello"),
        ("foo@example.com", None, None, ""),
        ("call foo@example.com now", None, None, ""),
        ("foo@example hello", None, None, ""),
        ("", None, None, ""),
    ],
)
def test_reads_what_begins_like_one(
    text: str, sender: str | None, subject: str | None, body: str
) -> None:
    expected = Email(sender=sender, subject=subject, body=body) if sender else None
    assert email_in(text) == expected
