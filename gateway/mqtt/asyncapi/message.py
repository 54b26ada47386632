"""What the document says of one message: its model, and examples, good and bad."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """A payload as it goes over the wire; a test publishes it through a real broker."""

    name: str
    summary: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """A payload that is refused, and with which words; a test has it refused."""

    summary: str
    payload: Any
    """JSON; anything else is in the tests of the door."""
    code: str
    field: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """One kind of payload."""

    name: str
    """Names it in the document, and its schema's file."""
    title: str
    summary: str
    model: type[BaseModel]
    examples: Sequence[Example]
    refused: Sequence[Refused] = ()
    content_type: str = "application/json"

    @property
    def file(self) -> str:
        """The file of its schema, from the document's folder."""
        return f"schemas/{self.name}.json"
