"""What a later schema takes from those who were written for an earlier one. Pure.

Between versions of a message fields may be added and nothing else may happen: what a store
publishes today must be taken tomorrow, and what it reads today must still be there. Anything else
needs a topic, or a ``type``, of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

Schema = Mapping[str, Any]
Action = Literal["send", "receive"]

_UPPER: Final = ("maxLength", "maximum", "maxItems")
_LOWER: Final = ("minLength", "minimum", "minItems")
_FIXED: Final = ("const", "pattern", "format", "oneOf", "allOf", "if", "then", "else")
"""Keywords whose change is a break whatever it says; that they came to be is one for a reader of
a stricter schema only, so that it counts for what stores publish."""


def breaks(before: Schema, after: Schema, action: Action) -> list[str]:
    """Return what is broken, in words, each with its place; nothing when all was added.

    Args:
        before: a schema that was published.
        after: the one that is to take its place.
        action: the gateway's: ``receive`` for what stores publish.
    """
    return list(_Comparison(before, after, action).compare(before, after, ""))


@dataclass(frozen=True, slots=True)
class _Comparison:
    before: Schema
    after: Schema
    action: Action

    def compare(self, before: Schema, after: Schema, place: str) -> Iterator[str]:
        before, after = _resolve(before, self.before), _resolve(after, self.after)
        if "anyOf" in before or "anyOf" in after:
            yield from self._alternatives(before, after, place)
            return
        if before.get("type") != after.get("type"):
            yield f"{place or 'the whole'}: {before.get('type')} became {after.get('type')}"
            return
        yield from self._values(before, after, place)
        yield from self._fields(before, after, place)
        if "items" in before and "items" in after:
            yield from self.compare(before["items"], after["items"], f"{place}[]")

    def _alternatives(self, before: Schema, after: Schema, place: str) -> Iterator[str]:
        """Compare by type what may be one of several things, as everything is that may be null."""
        old, new = _by_type(before, self.before), _by_type(after, self.after)
        must, may = (old, new) if self.action == "receive" else (new, old)
        for kind in must.keys() - may.keys():
            yield f"{place}: {kind} {'is refused' if self.action == 'receive' else 'is new'}"
        if self.action == "send":
            for kind in old.keys() - new.keys() - {"null"}:
                yield f"{place}: {kind} is gone"
        for kind in old.keys() & new.keys():
            yield from self.compare(old[kind], new[kind], place)

    def _values(self, before: Schema, after: Schema, place: str) -> Iterator[str]:
        where = place or "the whole"
        for value in before.get("enum", ()):
            if value not in after.get("enum", (value,)):
                yield f"{where}: the value {value} is gone"
        if self.action == "receive" and "enum" in after and "enum" not in before:
            yield f"{where}: only some values are taken"
        for word in _FIXED:
            came = word not in before
            if before.get(word) != after.get(word) and not (came and self.action == "send"):
                yield f"{where}: {word} changed"
        if self.action == "receive":
            yield from _narrowed(before, after, where)

    def _fields(self, before: Schema, after: Schema, place: str) -> Iterator[str]:
        old, new = before.get("properties", {}), after.get("properties", {})
        for name in old:
            where = f"{place}.{name}" if place else name
            if name not in new:
                yield f"{where}: the field is gone"
            else:
                yield from self.compare(old[name], new[name], where)
        needed, need = set(before.get("required", ())), set(after.get("required", ()))
        late = need - needed if self.action == "receive" else needed - need
        for name in sorted(late & (set(new) if self.action == "send" else late)):
            words = "is required now" if self.action == "receive" else "may be left out now"
            yield f"{f'{place}.' if place else ''}{name}: {words}"


def _narrowed(before: Schema, after: Schema, where: str) -> Iterator[str]:
    """Tell what of a value that was taken is refused now."""
    infinite = float("inf")
    for word in _UPPER:
        if after.get(word, infinite) < before.get(word, infinite):
            yield f"{where}: {word} is smaller"
    for word in _LOWER:
        if after.get(word, -infinite) > before.get(word, -infinite):
            yield f"{where}: {word} is larger"
    if (
        after.get("additionalProperties") is False
        and before.get("additionalProperties") is not False
    ):
        yield f"{where}: unknown fields are refused now"


def _resolve(node: Schema, root: Schema) -> Schema:
    """Return what a reference stands for, with what is said beside it."""
    inner = [one["$ref"] for one in node.get("allOf", ()) if "$ref" in one]
    reference = node.get("$ref") or next(iter(inner), None)
    if reference is None:
        return node
    named = root["definitions"][reference.removeprefix("#/definitions/")]
    beside = {key: value for key, value in node.items() if key not in ("$ref", "allOf")}
    return {**named, **beside}


def _by_type(node: Schema, root: Schema) -> dict[str, Schema]:
    alternatives = [_resolve(one, root) for one in node.get("anyOf", (node,))]
    return {str(one.get("type")): one for one in alternatives}
