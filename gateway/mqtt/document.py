"""From the bytes of a payload to a JSON object, and every way in which that can fail.

What the object must hold is `gateway.mqtt.payloads`. JSON is read more strictly than Python's
default: NaN and Infinity are not JSON, and a key that comes twice means two different things to
two readers. A number with a point is a `Decimal`, for it may be somebody's money.
"""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any, Final, cast

from gateway.domain.errors import RejectedError
from gateway.domain.ids import JOB_ID, JobId
from gateway.domain.redaction import redact_text
from gateway.mqtt.faults import Fault

MAX_PAYLOAD_BYTES: Final = 64 * 1024
"""Ten parts of text take under 10 KiB, however they are escaped; the rest is room for `vars`."""

MAX_SHOWN_KEY: Final = 40
"""Characters of a store's own key that are said back to it."""

Document = dict[str, Any]


def read_document(payload: bytes, most: int = MAX_PAYLOAD_BYTES) -> Document:
    """Return the JSON object in ``payload``.

    Args:
        payload: as it came.
        most: bytes that are read; a multiple of 1024.

    Raises:
        RejectedError: it is too large, no UTF-8, no JSON, no object, or holds a key twice.
    """
    faults: list[RejectedError] = []
    document = _parse(_decode(payload, most), faults)
    if faults:
        raise _about(faults[0], document)
    if not isinstance(document, dict):
        raise RejectedError(
            Fault.WRONG_TYPE, f"the payload must be a JSON object, not {json_type(document)}"
        )
    return document


def readable_id(document: Document) -> JobId | None:
    """Return the ``id`` of a payload that may be wrong otherwise, where it is a good one."""
    value = document.get("id")
    return JobId(value) if isinstance(value, str) and JOB_ID.match(value) else None


def json_type(value: object) -> str:
    """Return what JSON calls a value, with its article."""
    return _JSON_TYPES.get(type(value), "something else")


_JSON_TYPES: Final[dict[type, str]] = {
    str: "a string",
    bool: "a boolean",
    int: "a number",
    float: "a number",
    Decimal: "a number",
    list: "an array",
    dict: "an object",
    type(None): "null",
}


def show_key(key: str) -> str:
    """Return a key as it may be said back: short, ASCII whatever is in it, and nobody's number."""
    shown = redact_text(key)
    short = shown if len(shown) <= MAX_SHOWN_KEY else shown[: MAX_SHOWN_KEY - 3] + "..."
    return ascii(short)[1:-1]


def _decode(payload: bytes, most: int) -> str:
    if len(payload) > most:
        kib = most // 1024
        raise RejectedError(
            Fault.TOO_LARGE,
            f"the payload has {len(payload)} bytes; at most {most} ({kib} KiB) are read",
        )
    try:
        return payload.decode()
    except UnicodeDecodeError as error:
        raise RejectedError(
            Fault.INVALID_UTF8, f"the payload is not UTF-8: wrong byte at offset {error.start}"
        ) from error


def _parse(text: str, faults: list[RejectedError]) -> object:
    if not text:
        raise RejectedError(Fault.NOT_JSON, "the payload is empty; a JSON object is wanted")
    try:
        return json.loads(
            text,
            object_pairs_hook=partial(_object, faults),
            parse_float=partial(_number, faults),
            parse_constant=partial(_constant, faults),
        )
    except json.JSONDecodeError as error:
        raise RejectedError(
            Fault.NOT_JSON,
            f"the payload is not JSON: {error.msg} at line {error.lineno}, column {error.colno}",
        ) from error
    except RecursionError as error:
        raise RejectedError(Fault.TOO_DEEP, "the payload is nested too deeply") from error
    except ValueError as error:  # what Python says of an integer of thousands of digits
        raise RejectedError(Fault.NOT_JSON, "a number in the payload is too long") from error


def _object(faults: list[RejectedError], pairs: list[tuple[str, Any]]) -> Document:
    """Build an object, noting a key that comes twice; the noting lets the id still be read."""
    document = dict(pairs)
    if len(document) != len(pairs):
        twice = show_key(Counter(key for key, _ in pairs).most_common(1)[0][0])
        faults.append(
            RejectedError(Fault.DUPLICATE_FIELD, f"the key {twice} comes twice", field=twice)
        )
    return document


def _number(faults: list[RejectedError], text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:  # of an exponent of twenty digits
        faults.append(RejectedError(Fault.NOT_JSON, "a number in the payload is too long"))
        return None


def _constant(faults: list[RejectedError], word: str) -> None:
    faults.append(RejectedError(Fault.NOT_JSON, f"{word} is not JSON"))


def _about(fault: RejectedError, document: object) -> RejectedError:
    """Return the fault with the job's id, unless the id is what came twice."""
    readable = isinstance(document, dict) and fault.field != "id"
    job = readable_id(cast("Document", document)) if readable else None
    return RejectedError(fault.code, str(fault), field=fault.field, job=job)
