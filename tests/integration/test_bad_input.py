"""Bad input gets its reason, and stops nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.plugin import Build
from support.processes import wait_for

GOOD: dict[str, Any] = {
    "id": "good",
    "to": "+447700900123",
    "text": "Hello",
    "purpose": "transactional",
}


def changed(**fields: Any) -> bytes:
    return json.dumps(GOOD | {"id": "bad"} | fields).encode()


def without(field: str) -> bytes:
    return json.dumps({key: value for key, value in GOOD.items() if key != field}).encode()


BAD: dict[str, tuple[bytes, str | None]] = {
    "no JSON": (b"not json", None),
    "no object": (b"[]", None),
    "invalid UTF-8": (b'{"id": "\xff"}', None),
    "NaN": (b'{"id": NaN}', None),
    "ten megabytes": (b'{"id": "' + b"x" * 10_000_000 + b'"}', None),
    "deeply nested": (b"[" * 20_000, None),
    "a number for a text": (changed(text=5), "text"),
    "an unknown key": (changed(txt="Hello"), "txt"),
    "no recipient": (without("to"), "to"),
    "no number": (changed(to="nobody"), "to"),
    "an unknown purpose": (changed(purpose="spam"), "purpose"),
    "a naive time": (changed(send_at="2030-01-01T00:00:00"), "send_at"),
    "a bad id": (changed(id="a b"), "id"),
    "marketing without consent": (changed(purpose="marketing"), "purpose"),
}


@pytest.mark.timeout(180)
def test_every_kind_of_bad_input_is_answered_and_a_good_job_gets_through(house: Build) -> None:
    built = house()
    built.start()
    for payload, _ in BAD.values():
        built.store.publish(payload)
    built.store.publish(json.dumps(GOOD).encode())
    built.store.await_state("good", "delivered")
    wait_for(lambda: len(built.store.rejected) >= len(BAD), 30, "all rejections")

    fields = [rejected["error"]["field"] for rejected in built.store.rejected]
    assert fields == [field for _, field in BAD.values()]
    for rejected in built.store.rejected:
        assert rejected["error"]["code"]
        assert rejected["error"]["message"]
    assert len(built.log()) == 1, "nothing bad was sent"


def test_a_retained_job_is_refused_and_never_sent(house: Build) -> None:
    built = house()
    built.store.publish(json.dumps(GOOD).encode(), retain=True)
    built.start()
    wait_for(lambda: built.store.rejected, 15, "a rejection")
    assert built.store.rejected[0]["error"]["code"] == "retained"
    assert built.log() == []


def test_the_same_job_is_one_and_another_under_its_id_is_a_conflict(house: Build) -> None:
    built = house()
    built.start()
    for _ in range(3):
        built.store.submit("same")
    built.store.submit("same", text="something else")
    wait_for(lambda: built.store.rejected, 15, "a rejection")
    built.store.await_state("same", "delivered")
    assert built.store.rejected[0]["error"]["code"] == "conflict"
    assert len(built.log()) == 1


def test_a_job_that_came_too_late_is_expired_and_not_refused(house: Build) -> None:
    """It may have waited in the broker while the gateway was off; its store is told."""
    built = house()
    built.start()
    built.store.submit("late", expires_at="2020-01-01T00:00:00Z")
    built.store.await_state("late", "expired")
    assert built.store.states("late") == ["accepted", "expired"]
    assert built.log() == []


def test_a_job_is_cancelled_before_and_not_after(house: Build) -> None:
    built = house()
    built.start()
    built.store.submit("later", send_at="2099-01-01T00:00:00Z")
    built.store.await_state("later", "accepted")
    built.store.publish(b'{"id": "later"}', topic="cancel")
    built.store.await_state("later", "cancelled")
    built.store.submit("now")
    built.store.await_state("now", "delivered")
    built.store.publish(b'{"id": "now"}', topic="cancel")
    wait_for(lambda: built.store.rejected, 15, "a rejection")
    assert built.store.rejected[0]["error"]["code"] == "too_late"


def test_no_number_and_no_text_gets_into_the_log(house: Build) -> None:
    built = house()
    gateway = built.start()
    built.store.submit("private", to="+447700900999", text="Secret words")
    built.store.submit("refused", to="+44770090")
    built.store.await_state("private", "delivered")
    wait_for(lambda: built.store.rejected, 15, "a rejection")
    gateway.close()
    words = gateway.stderr.read_text()
    assert "ready" in words
    assert "7700900999" not in words
    assert "Secret words" not in words
    assert "44770090" not in words
