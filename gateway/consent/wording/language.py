"""The words of each language (`gateway/policy/wording`), and which language a text is in."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from gateway.consent.wording.folding import fold_text
from gateway.consent.wording.phrases import compile_phrases
from gateway.domain.errors import ConfigurationError

_FOLDER: Final = files("gateway") / "policy" / "wording"
_WORD: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")

_CLEAR_LEAD: Final = 2
"""Words more than the next language has, from which on a text is surely in one."""

_PATTERNS: Final = 1024
"""More than there are lists of phrases, so that each is compiled once."""

Phrases = tuple[str, ...]


class Language(BaseModel):
    """One file: what the linter must know of a language. Phrases are as of `phrases`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    """ISO 639-1, such as ``fr``."""
    countries: tuple[str, ...]
    """Where a text of unknown language is taken to be in this one."""
    mention: str
    """How an opt-out is offered where the operator says nothing else; 7 bit."""
    common: Phrases
    """The words that every text of the language has."""
    opt_out: Phrases
    """How an opt-out is mentioned."""
    offer: Phrases
    """What only an offer says."""
    offer_unless_order: Phrases
    """What is an offer, unless its sentence speaks of the order."""
    perhaps_offer: Phrases
    """What a person should look at."""
    harmless: Phrases
    """What reads like an offer and is none."""
    cheap: Phrases
    """What stands before a price that is an offer: only, from."""
    order: Phrases
    """What tells that a sentence speaks of an order, and its prices are what it costs."""
    service: Phrases
    """What service messages speak of: orders, deliveries, appointments, accounts."""
    off: Phrases
    """What makes a percentage a discount though its sentence speaks of the order."""
    marketing: Phrases
    """How a text of consent names what is sent: offers, news."""
    frequency: Phrases
    """How it says how often."""
    rates: Phrases
    """How it says what it costs."""
    help: Phrases
    """How it says where help is."""
    unconditional: Phrases
    """How it says that one may buy without consenting."""
    privacy: Phrases
    """How it names the privacy notice."""
    agree: Phrases
    """How it says what to answer to confirm."""

    def find(self, kind: str) -> re.Pattern[str]:
        """Return the pattern of one of the lists of phrases, by its name.

        Each is made when it is first asked for: all of them take some tenths of a second, and the
        texts of a store need a tenth of them.
        """
        return _pattern(getattr(self, kind))

    @cached_property
    def common_words(self) -> frozenset[str]:
        """The words of `common`, folded."""
        return frozenset(map(fold_text, self.common))


@cache
def languages() -> Mapping[str, Language]:
    """Return every language by its code.

    Raises:
        ConfigurationError: a file is wrong; the text says which and where.
    """
    names = sorted(entry.name for entry in _FOLDER.iterdir() if entry.name.endswith(".toml"))
    read = [_read((_FOLDER / name).read_text(encoding="utf-8"), source=name) for name in names]
    return {language.code: language for language in read}


@lru_cache(maxsize=_PATTERNS)
def _pattern(phrases: Phrases) -> re.Pattern[str]:
    return compile_phrases(phrases)


def _read(text: str, *, source: str) -> Language:
    try:
        return Language.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"wording {source} is no TOML: {error}") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise ConfigurationError(f"wording {source}: {place}: {first['msg']}") from None


def detect(folded: str) -> Language | None:
    """Return the language that a folded text is surely in, or None: it is short, or mixed."""
    counts = dict.fromkeys(languages(), 0)
    speakers = _speakers()
    for word in _WORD.findall(folded):
        for code in speakers.get(word, ()):
            counts[code] += 1
    *_, (next_most, _), (most, first) = sorted((count, code) for code, count in counts.items())
    return languages()[first] if most - next_most >= _CLEAR_LEAD else None


@cache
def _speakers() -> Mapping[str, Sequence[str]]:
    """Return the codes of the languages that have each common word."""
    speakers: dict[str, list[str]] = {}
    for code, language in languages().items():
        for word in language.common_words:
            speakers.setdefault(word, []).append(code)
    return speakers


def language_of(country: str) -> Language | None:
    """Return the language of a country whose texts are in one; None where nobody knows."""
    found = (language for language in languages().values() if country in language.countries)
    return next(found, None)
