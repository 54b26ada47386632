"""A table of a TOML file into dataclasses, strictly: what nobody reads is an error.

It knows dataclasses, enumerations, tuples, mappings and scalars; that is all a description needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from hardware.simulator.errors import PersonalityError

T = TypeVar("T")


def build(kind: type[T], table: Mapping[str, object], where: str) -> T:
    """Make a dataclass of a table.

    Args:
        kind: the dataclass.
        table: what the file says.
        where: names the table in errors, such as ``zte-mf190: wire``.

    Raises:
        PersonalityError: a key is unknown, or a value is not of its kind.
    """
    hints = get_type_hints(kind)
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    if unknown := sorted(set(table) - known):
        raise PersonalityError(
            f"{where}: nothing is called {unknown[0]}; there are {', '.join(sorted(known))}"
        )
    values = {key: _value(hints[key], value, f"{where}.{key}") for key, value in table.items()}
    return kind(**values)


def _value(hint: Any, value: object, where: str) -> object:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is tuple and isinstance(value, list):
        return _items(arguments, value, where)
    if isinstance(value, dict):
        if is_dataclass(hint) and isinstance(hint, type):
            return build(hint, value, where)
        if origin is Mapping:
            return {
                key: _value(arguments[1], each, f"{where}.{key}") for key, each in value.items()
            }
    if isinstance(hint, type):
        return _scalar(hint, value, where)
    raise PersonalityError(f"{where}: {value!r} is no {hint}")


def _items(arguments: tuple[Any, ...], value: list[object], where: str) -> tuple[object, ...]:
    if arguments[-1] is not Ellipsis and len(value) != len(arguments):
        raise PersonalityError(f"{where}: {len(arguments)} values, not {len(value)}")
    return tuple(_value(arguments[0], each, where) for each in value)


def _scalar(hint: type, value: object, where: str) -> object:
    if issubclass(hint, Enum):
        try:
            return hint(value)
        except ValueError as error:
            raise PersonalityError(f"{where}: {error}") from None
    if hint is float and type(value) is int:
        return float(value)
    if type(value) is not hint:
        raise PersonalityError(f"{where}: {value!r} is no {hint.__name__}")
    return value
