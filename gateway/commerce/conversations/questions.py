"""Reads the simple questions that persons ask, by `questions.toml`. Pure.

Precision goes before recall: a question that is not known for one is read by a person of the shop,
and one that is taken for what it is not gets an answer that annoys.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Final

from gateway.consent.keywords.normal import normalise, phrase

LONGEST: Final = 14
"""Words of a message that is looked at, its greetings among them."""

_ORDER_NUMBER: Final = re.compile(r"(?=\S*\d)[a-z0-9-]{2,40}")
_BEFORE_NUMBER: Final = frozenset({"no", "nr", "number", "nummer", "numero", "num", "n", "id"})
_ELEMENT: Final = re.compile(r"\([^)]*\)\??|\S+")
_THING: Final = "THING"


class Topic(StrEnum):
    """What a question is about; as the configuration names it."""

    ORDER_STATUS = "order-status"


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What somebody asks."""

    topic: Topic
    language: str
    """ISO 639-1."""
    order: str | None = None
    """The number of the order, as far as it can be told: small, without marks."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Language:
    code: str
    polite: re.Pattern[str]
    asked: re.Pattern[str]


def read_question(text: str) -> Question | None:
    """Return what somebody asks; None for all that is no simple question."""
    words = list(normalise(text).words)
    if len(words) > LONGEST:
        return None
    words, numbers = _without_numbers(words)
    if len(numbers) > 1:
        return None
    said = " ".join(words) + " "
    for language in _languages():
        if language.asked.fullmatch(language.polite.sub("", said).lstrip()):
            order = numbers[0] if numbers else None
            return Question(topic=Topic.ORDER_STATUS, language=language.code, order=order)
    return None


def _without_numbers(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the words without the number of an order, and that."""
    numbers = [word for word in words if _ORDER_NUMBER.fullmatch(word)]
    kept = [word for word in words if word not in numbers]
    if numbers:
        kept = [word for word in kept if word not in _BEFORE_NUMBER]
    return kept, numbers


@cache
def _languages() -> tuple[_Language, ...]:
    source = files("gateway.commerce.conversations") / "questions.toml"
    known = tomllib.loads(source.read_text(encoding="utf-8"))
    return tuple(_read(code, lists) for code, lists in known.items())


def _read(code: str, lists: Mapping[str, Sequence[str]]) -> _Language:
    polite = "|".join(sorted(map(_words, lists["polite"]), key=len, reverse=True))
    thing = "|".join(_words(word) for word in lists["thing"])
    asked = "|".join(_expression(line, thing) for line in lists["order_status"])
    return _Language(
        code=code, polite=re.compile(rf"\b(?:{polite})"), asked=re.compile(f"(?:{asked})")
    )


def _expression(line: str, thing: str) -> str:
    return "".join(_element(element, thing) for element in _ELEMENT.findall(line))


def _element(element: str, thing: str) -> str:
    if element == _THING:
        return f"(?:{thing})"
    if element[0] != "(":
        return _words(element)
    choices = "|".join(map(_words, element.rstrip("?")[1:-1].split("|")))
    return f"(?:{choices})" + ("?" if element[-1] == "?" else "")


def _words(written: str) -> str:
    """Return words in the form in which messages are compared, each with a blank behind it."""
    return "".join(f"{re.escape(word)} " for word in phrase(written).split())
