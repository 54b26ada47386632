from __future__ import annotations

import json
import time

import pytest

from gateway.domain.errors import RejectedError
from gateway.mqtt.document import MAX_PAYLOAD_BYTES, read_document
from gateway.mqtt.faults import Fault


def refusal_of(payload: bytes) -> RejectedError:
    with pytest.raises(RejectedError) as caught:
        read_document(payload)
    return caught.value


@pytest.mark.parametrize(
    ("payload", "code", "says"),
    [
        (b"", Fault.NOT_JSON, "empty"),
        (b"{", Fault.NOT_JSON, "line 1, column 2"),
        (b"hello", Fault.NOT_JSON, "not JSON"),
        (b'{"id": "a"} x', Fault.NOT_JSON, "column 13"),
        (b"\xef\xbb\xbf{}", Fault.NOT_JSON, "BOM"),
        (b'{"id": NaN}', Fault.NOT_JSON, "NaN"),
        (b"NaN", Fault.NOT_JSON, "NaN"),
        (b'{"id": -Infinity}', Fault.NOT_JSON, "-Infinity"),
        (b'{"id": ' + b"9" * 5000 + b"}", Fault.NOT_JSON, "too long"),
        (b"\xff{}", Fault.INVALID_UTF8, "offset 0"),
        (b'{"id": "\xed\xa0\x80"}', Fault.INVALID_UTF8, "offset 8"),
        (b"[]", Fault.WRONG_TYPE, "an array"),
        (b"null", Fault.WRONG_TYPE, "null"),
        (b'"x"', Fault.WRONG_TYPE, "a string"),
        (b"1e999", Fault.WRONG_TYPE, "a number"),
        (b"[" * 60_000, Fault.TOO_DEEP, "nested"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, Fault.TOO_DEEP, "nested"),
        (b" " * (MAX_PAYLOAD_BYTES + 1), Fault.TOO_LARGE, "64 KiB"),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_what_is_no_json_object_is_refused_with_the_place(
    payload: bytes, code: Fault, says: str
) -> None:
    refusal = refusal_of(payload)
    assert (refusal.code, refusal.field) == (code, None)
    assert says in str(refusal)


def test_the_limit_of_size_is_a_limit_and_not_one_less() -> None:
    padding = b" " * (MAX_PAYLOAD_BYTES - 2)
    assert read_document(b"{}" + padding) == {}


@pytest.mark.parametrize(
    ("payload", "field", "job"),
    [
        (b'{"id": "a", "to": "1", "to": "2"}', "to", "a"),
        (b'{"id": "a", "vars": {"x": 1, "x": 1}}', "x", "a"),
        (b'{"id": "a", "id": "b"}', "id", None),
        (b'{"id": "a b", "to": "1", "to": "2"}', "to", None),
        (b'[{"x": 1, "x": 2}]', "x", None),
        (rb'{"id": "a", "\ud800": 1, "\ud800": 2}', r"\ud800", "a"),
    ],
)
def test_a_key_that_comes_twice_is_named_with_the_job_where_that_is_certain(
    payload: bytes, field: str, job: str | None
) -> None:
    refusal = refusal_of(payload)
    assert (refusal.code, refusal.field, refusal.job) == (Fault.DUPLICATE_FIELD, field, job)


def test_nan_anywhere_is_refused_with_the_job() -> None:
    assert refusal_of(b'{"id": "a", "vars": {"x": [NaN]}}').job == "a"


def test_the_key_of_a_store_is_said_back_in_short() -> None:
    key = "k" * 1000
    refusal = refusal_of(f'{{"{key}": 1, "{key}": 2}}'.encode())
    assert len(str(refusal)) < 100


def test_thousands_of_keys_that_come_twice_do_not_take_seconds() -> None:
    pairs = ",".join(f'"{number}":1,"{number}":2' for number in range(3000))
    began = time.perf_counter()
    refusal_of(f"{{{pairs}}}".encode())
    assert time.perf_counter() - began < 0.5


def test_a_good_object_is_read_as_json_has_it() -> None:
    document = {"id": "a", "text": "Grüße 🎁", "vars": {"x": [1, 2.5, None, True]}}
    assert read_document(json.dumps(document).encode()) == document
    assert read_document(json.dumps(document, ensure_ascii=False).encode()) == document
