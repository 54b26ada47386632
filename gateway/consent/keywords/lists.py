"""The lists of words, one file for each language, as `gateway/policy/keywords/*.toml` holds them.

``[whole]`` counts when it is the whole message, politeness aside; ``[among]`` says which of it
counts among few other words as well, and what keeps it from it; ``[topics]`` is what may stand
behind a stop; ``[classes]`` and ``[free]`` are patterns for free text (`patterns`); ``[unspaced]``
is for scripts that put no gap between words. All lists hold for everybody at once (K-1): a person
may write in another language than the store does.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from gateway.domain.errors import ConfigurationError

Phrases = tuple[Annotated[str, StringConstraints(min_length=1)], ...]


class Section(BaseModel):
    """A table of a list: frozen, and without keys that nobody reads."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Whole(Section):
    """``[whole]``: messages that are a keyword and nothing else."""

    stop: Phrases
    stop_all: Phrases = ()
    start: Phrases = ()
    help: Phrases = ()
    yes: Phrases = ()


class Among(Section):
    """``[among]``: keywords among other words."""

    stop: Phrases
    """Count anywhere in a message of few words (K-2)."""
    polite: Phrases = ()
    """May stand around every keyword."""
    things: Phrases = ()
    """What else can be stopped or cancelled: then it is not about messages."""
    mistyped: Phrases = ()
    """Short keywords for which slips of the finger count, as they do for all longer ones (K-3)."""
    not_near: Phrases = ()
    """Words of their own that look like a keyword mistyped."""


class Free(Section):
    """``[free]``: patterns for free text (K-4)."""

    stop: Phrases = ()
    not_stop: Phrases = ()
    """What looks like a stop and is none; where both fit, the longer counts."""


class Unspaced(Section):
    """``[unspaced]``: the same, as characters in a row."""

    stop: Phrases = ()
    not_stop: Phrases = ()


class WordList(Section):
    """What persons write in one language."""

    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
    checked: date
    reviewed: bool
    """Whether somebody whose language it is has read it."""
    source: Annotated[str, StringConstraints(min_length=10)]
    whole: Whole
    among: Among
    topics: Mapping[str, Phrases] = Field(default_factory=dict)
    classes: Mapping[str, Phrases] = Field(default_factory=dict)
    free: Free = Field(default_factory=Free)
    unspaced: Unspaced = Field(default_factory=Unspaced)

    @property
    def sets(self) -> Mapping[str, Phrases]:
        """The words that a pattern may name in braces."""
        own = {"things": self.among.things, "polite": self.among.polite}
        return own | dict(self.classes)


@cache
def load_lists() -> tuple[WordList, ...]:
    """Return every list, English first: its words are in many others too.

    Raises:
        ConfigurationError: a file is wrong; the text says which and where.
    """
    names = (entry for entry in files("gateway.policy.keywords").iterdir())
    texts = {
        entry.name: entry.read_text("utf-8") for entry in names if entry.name.endswith(".toml")
    }
    ordered = sorted(texts, key=lambda name: (name != "en.toml", name))
    return tuple(read_list(texts[name], source=name) for name in ordered)


def read_list(text: str, *, source: str) -> WordList:
    """Read one list.

    Args:
        text: TOML.
        source: where it is from, for the error.

    Raises:
        ConfigurationError: it is no list of words.
    """
    try:
        return WordList.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"keywords {source} is no TOML: {error}") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise ConfigurationError(f"keywords {source}: {place}: {first['msg']}") from None
