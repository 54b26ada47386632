"""The wordings that persons agree to: a store's registry of versions (COMPLIANCE.md G-1, G-4).

A folder with a TOML file for each version in each language. A version that somebody agreed to is
never edited: a new wording is a new version. The ledger keeps the SHA-256 of the wording, so that
an edited one is found out.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from gateway.domain.consent import PURPOSES
from gateway.domain.errors import ConfigurationError

_LANGUAGE: Final = r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"


def _purpose(name: str) -> str:
    if name not in PURPOSES or name in ("all", "marketing"):
        raise ValueError(f"{name!r} is no purpose that one can consent to")
    return name


class ConsentText(BaseModel):
    """One version in one language, as a person reads it where they consent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
    language: Annotated[str, Field(pattern=rf"^{_LANGUAGE}$")]
    """BCP 47."""
    purposes: Annotated[tuple[Annotated[str, AfterValidator(_purpose)], ...], Field(min_length=1)]
    """What it asks consent for; nothing else can be granted by it (G-2)."""
    controller: Annotated[str, Field(min_length=2)]
    """Who asks: name and address of the shop (Art. 13(1)(a))."""
    frequency: Annotated[str, Field(min_length=2)]
    """How often is written, such as ``at most 4 a month`` (US-8)."""
    privacy_url: Annotated[str, Field(pattern=r"^https://\S+$")]
    text: Annotated[str, Field(min_length=20)]
    """The wording, to the letter."""

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the wording, hex."""
        return digest_of(self.text)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """What a row or an event says of the wording that was agreed to."""

    version: str | None
    digest: str | None
    language: str | None
    text: str | None
    """None where only its version is told, and the store has no texts on file."""


class TextRegistry:
    """The texts of one store."""

    def __init__(self, texts: Iterable[ConsentText] = ()) -> None:
        self.texts = tuple(texts)
        self._by_name: Mapping[tuple[str, str], ConsentText] = {
            (text.version, text.language): text for text in self.texts
        }
        self._by_digest = {text.digest: text for text in self.texts}

    @cached_property
    def versions(self) -> tuple[str, ...]:
        """The names of the versions there are."""
        return tuple(sorted({text.version for text in self.texts}))

    def languages(self, version: str) -> tuple[str, ...]:
        """Return the languages that a version is written in."""
        return tuple(sorted(text.language for text in self.texts if text.version == version))

    def find(self, version: str, language: str | None) -> ConsentText | None:
        """Return a version in a language, or in its only one where none is asked for.

        ``de-AT`` finds ``de`` where nothing closer is there.
        """
        if language is None:
            known = self.languages(version)
            return self._by_name[version, known[0]] if len(known) == 1 else None
        exact = self._by_name.get((version, language))
        return exact or self._by_name.get((version, re.split(r"[-_]", language)[0].lower()))

    def by_digest(self, digest: str) -> ConsentText | None:
        """Return the text that has a digest."""
        return self._by_digest.get(digest)


def digest_of(text: str) -> str:
    """Return the SHA-256 of a wording, hex; blanks around it do not count."""
    return hashlib.sha256(text.strip().encode()).hexdigest()


def load_texts(folder: Path | None) -> TextRegistry:
    """Read a store's texts; without a folder there are none.

    Raises:
        ConfigurationError: a file is wrong; names it, the key and what would be right.
    """
    if folder is None:
        return TextRegistry()
    found: dict[tuple[str, str], Path] = {}
    texts = []
    for file in sorted(folder.glob("*.toml")):
        text = _load(file)
        first = found.setdefault((text.version, text.language), file)
        if first != file:
            raise ConfigurationError(
                f"{file}: version {text.version} in {text.language} stands in {first.name} "
                "already; give it a version of its own"
            )
        texts.append(text)
    return TextRegistry(texts)


def _load(file: Path) -> ConsentText:
    try:
        return ConsentText.model_validate(tomllib.loads(file.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{file}: is no TOML: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        reason = _REASONS.get(str(first["loc"][0]), "")
        raise ConfigurationError(f"{file}: {key}: {first['msg'].lower()}{reason}") from None


_REASONS: Final = {
    "version": '; right: letters, digits, dots and dashes, as "checkout-2026-03"',
    "language": '; right: a language such as "de"',
    "purposes": '; right: a list such as ["marketing.offers", "marketing.cart"]',
    "controller": '; right: who asks, as "Acme Ltd, 1 High Street, London"',
    "frequency": '; right: how often is written, as "at most 4 a month"',
    "privacy_url": '; right: where the privacy notice is, as "https://acme.example/privacy"',
    "text": "; right: the wording that persons read, to the letter",
}
