"""The made-up orders: the same each time, and worth watching."""

from __future__ import annotations

from itertools import islice

from gateway.cli.demo.orders import order_messages
from gateway.domain.ids import JOB_ID
from gateway.domain.job import MAX_PARTS
from gateway.domain.phone import parse_phone
from gateway.domain.purpose import Purpose
from gateway.sms import count_parts

MANY = 400


def test_the_same_seed_tells_the_same_story() -> None:
    assert list(islice(order_messages(7), 50)) == list(islice(order_messages(7), 50))
    assert list(islice(order_messages(7), 50)) != list(islice(order_messages(8), 50))


def test_every_one_would_be_accepted() -> None:
    messages = list(islice(order_messages(7), MANY))
    assert len({message.id for message in messages}) == MANY
    for message in messages:
        assert JOB_ID.match(message.id)
        assert parse_phone(message.to, "GB").startswith("+447700900")
        assert 1 <= count_parts(message.text).parts <= MAX_PARTS
        assert Purpose(message.purpose) is not Purpose.MARKETING


def test_long_ones_and_ones_beyond_gsm_are_among_them() -> None:
    messages = list(islice(order_messages(7), MANY))
    assert {count_parts(message.text).parts for message in messages} >= {1, 2}
    assert any("🎁" in message.text for message in messages)
    assert {message.purpose for message in messages} == {"otp", "transactional"}
