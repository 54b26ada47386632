"""The texts of our own messages, one file a language: `gateway/policy/answers/*.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator

from gateway.domain.consent import MARKETING
from gateway.domain.errors import ConfigurationError

FALLBACK: Final = "en"
"""The language of who is not known to read another that we write."""

_FOLDER: Final = files("gateway") / "policy" / "answers"


class AnswerKind(StrEnum):
    """What a message of ours is for."""

    OPTIN_PROMPT = "optin_prompt"
    """Asks for the YES of a double opt-in."""
    OPTIN_CONFIRM = "optin_confirm"
    """The first message after consent (US-8)."""
    HELP = "help"
    STOP = "stop"
    """Marketing is ended (US-4)."""
    STOP_ALL = "stop_all"
    STOP_TOPIC = "stop_topic"
    STOP_PERHAPS = "stop_perhaps"
    """Marketing is ended, and the person may not have meant it (K-4)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Template:
    """One text in one language, with its slots."""

    kind: AnswerKind
    language: str
    version: int
    text: str
    what: Mapping[str, str]
    """What a person gets, by the purpose of the ledger."""

    @property
    def name(self) -> str:
        """What the ledger calls this wording."""
        return f"{self.kind.value}/{self.language}/{self.version}"


class _Answers(BaseModel):
    """One file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
    version: int
    checked: date
    reviewed: bool
    """Whether somebody whose language it is has read it."""
    what: Mapping[str, str]
    texts: Mapping[AnswerKind, Annotated[str, StringConstraints(pattern=r"\{brand\}")]]

    @model_validator(mode="after")
    def _whole(self) -> _Answers:
        missing = [kind.value for kind in AnswerKind if kind not in self.texts]
        if missing or MARKETING not in self.what:
            raise ValueError(f"lacks {', '.join(missing) or 'what of marketing'}")
        return self


def template_for(kind: AnswerKind, language: str | None) -> Template:
    """Return a text.

    Args:
        kind: which.
        language: BCP 47, such as ``de`` or ``de-AT``; one that we do not write is English.

    Raises:
        ConfigurationError: a file is wrong.
    """
    answers = load_answers()
    known = answers.get((language or FALLBACK).partition("-")[0].lower(), answers[FALLBACK])
    return Template(
        kind=kind,
        language=known.language,
        version=known.version,
        text=known.texts[kind],
        what=known.what,
    )


@cache
def load_answers() -> Mapping[str, _Answers]:
    """Return the texts of every language by its code.

    Raises:
        ConfigurationError: a file is wrong; the text says which and where.
    """
    entries = [entry for entry in _FOLDER.iterdir() if entry.name.endswith(".toml")]
    entries.sort(key=lambda entry: entry.name)
    read = [_read(entry.read_text("utf-8"), source=entry.name) for entry in entries]
    return {answers.language: answers for answers in read}


def _read(text: str, *, source: str) -> _Answers:
    try:
        return _Answers.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"answers {source} is no TOML: {error}") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise ConfigurationError(f"answers {source}: {place}: {first['msg']}") from None
