"""The base of what stores publish, as models, and the words for each fault.

Types are strict: ``"1"`` is no number and ``1`` is no string. ``null`` stands for a field that is
left out, where a field may be left out. Nothing here looks at a clock or into the database: the
same bytes always give the same answer, also when the broker delivers them again a day later.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from difflib import get_close_matches
from itertools import takewhile
from types import MappingProxyType
from typing import Annotated, ClassVar, Final, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from gateway.domain.errors import RejectedError
from gateway.mqtt.document import MAX_SHOWN_KEY, Document, json_type, readable_id, show_key
from gateway.mqtt.faults import Fault

_RFC3339_ECMA: Final = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})$"
)
"""As it may stand in a JSON Schema, where ``$`` is the very end."""

_RFC3339: Final = re.compile(_RFC3339_ECMA.removesuffix("$") + r"\Z")


def _read_instant(value: object) -> object:
    """Turn a string into an aware instant in UTC; leave anything else to the strict type."""
    if not isinstance(value, str):
        return value
    if not _RFC3339.match(value):
        raise PydanticCustomError("instant", INSTANT_RULE)
    try:
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise PydanticCustomError("instant", INSTANT_RULE) from error


INSTANT_RULE: Final = "must be a date and time with a zone (RFC 3339), like 2026-11-23T09:30:00Z"

PLAIN: Final = Field(min_length=1, pattern=r"^[^\x00]*$")
"""PostgreSQL keeps no NUL."""

Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9._:-]{1,64}$")]
Instant = Annotated[
    datetime,
    BeforeValidator(_read_instant),
    # Said to stores in words of JSON Schema; it is `_read_instant` that decides.
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": _RFC3339_ECMA}),
]


class Payload(BaseModel):
    """Base of what stores publish: strict types, no unknown field."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    rules: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """What each field must be, as the end of a sentence that begins with its name."""


P = TypeVar("P", bound=Payload)
Named = Callable[[Document], str | None]


def validate(model: type[P], document: Document, named: Named = readable_id) -> P:
    """Return a document as a model.

    Args:
        model: what it must be.
        document: as it was read.
        named: tells by what id its store knows it, where that can be read.

    Raises:
        RejectedError: the first thing that is wrong with it. It quotes no value and is chained to
            nothing: pydantic's own error quotes the text and the number of a person.
    """
    if model.model_config.get("extra") == "forbid":
        _refuse_unknown(list(model.model_fields), document, named)
    try:
        return model.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
    field = _place(first["loc"])
    code, predicate = _explain(first, field, model.rules)
    raise RejectedError(code, f"{field} {predicate}", field=field, job=named(document))


def _refuse_unknown(known: list[str], document: Document, named: Named) -> None:
    """Look for unknown keys first: a misspelt key would otherwise be reported as a missing one."""
    key = next((key for key in document if key not in known), None)
    if key is None:
        return
    near = get_close_matches(key.lower()[:MAX_SHOWN_KEY], known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
    raise RejectedError(
        Fault.UNKNOWN_FIELD,
        f"unknown field {show_key(key)}; {hint}",
        field=show_key(key),
        job=named(document),
    )


def _place(steps: tuple[int | str, ...]) -> str:
    """Return where a fault is, such as ``data.properties.phone``; no further than keys are ours."""
    ours = takewhile(lambda step: isinstance(step, int) or step.isidentifier(), steps[1:])
    return ".".join(map(str, (steps[0], *ours)))


def _explain(detail: ErrorDetails, field: str, rules: Mapping[str, str]) -> tuple[Fault, str]:
    kind, value = detail["type"], detail["input"]
    if kind == "missing":
        return Fault.MISSING_FIELD, "is required"
    if kind in _WRONG_TYPE or (kind in _CHOICE and not isinstance(value, str)):
        wanted = _WRONG_TYPE.get(kind, "a string")
        return Fault.WRONG_TYPE, f"must be {wanted}, not {json_type(value)}"
    if kind == "string_unicode":
        return Fault.INVALID_VALUE, "holds half of a surrogate pair, which is no character"
    name = field.rpartition(".")[2]
    code = Fault.INVALID_NUMBER if name in _NUMBERS else Fault.INVALID_VALUE
    return code, rules.get(name) or _rule_of(detail)


def _rule_of(detail: ErrorDetails) -> str:
    """Return what a value must be where its field has no words of its own."""
    bounds = detail.get("ctx", {})
    if detail["type"] in _CHOICE:
        return f"must be {bounds['expected']}"
    if detail["type"] in _GENERAL:
        return _GENERAL[detail["type"]].format(**bounds)
    return detail["msg"]  # the words of our own validators; no other kind is left


_GENERAL: Final = {
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "string_pattern_mismatch": "must not hold the character NUL",  # of `PLAIN`
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "too_short": "must have at least {min_length} entries",
    "too_long": "must have at most {max_length} entries",
}
_NUMBERS: Final = frozenset({"to", "phone"})
_CHOICE: Final = frozenset({"enum", "literal_error"})
_WRONG_TYPE: Final = {
    "string_type": "a string",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "amount_type": "an amount, as a number or a string",
    "dict_type": "an object",
    "model_type": "an object",
    "list_type": "an array",
    "datetime_type": "a string",
}
