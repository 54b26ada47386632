"""The templates of a store: by name and language, from the files of a folder.

Templates are the operator's, and what they say is a store's: it is never read as a template.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from gateway.commerce.templates.faults import MissingValueError, UnknownTemplateError
from gateway.commerce.templates.locales import choose_language, locale_for
from gateway.commerce.templates.names import SUFFIX, read_file_name
from gateway.domain.errors import ContentError
from gateway.domain.purpose import Purpose

if TYPE_CHECKING:
    from jinja2 import Template as Compiled

TEMPLATES: Final = "templates"
"""Where they lie in a shop's folder."""

SHIPPED: Final = Path(__file__).parent / "shipped"
"""Where the templates lie that are copied into a shop's folder."""

_SPACES: Final = re.compile(r"[ \t]+")
_BLANK_LINES: Final = re.compile(r"\n{3,}")
_PURPOSE: Final = re.compile(rf"\{{#-?\s*({'|'.join(Purpose)})\s*-?#\}}")
_MOST_OF_FILE: Final = 64_000
"""Bytes; a template of `sandbox.MOST_OF_SOURCE` characters has fewer."""

Shorten = Callable[[str, str | None], str]
"""Makes a short link of a url and of the product whose card it shows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rendered:
    """A text for somebody."""

    text: str
    language: str
    """Of the template, BCP 47."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Template:
    """One file."""

    name: str
    language: str
    source: str
    compiled: Compiled
    file: Path | None = None

    @property
    def purpose(self) -> Purpose | None:
        """What it says it is for, as in ``{# transactional #}``; None: it does not."""
        said = _PURPOSE.search(self.source)
        return Purpose(said[1]) if said else None


class Library:
    """The templates of a store.

    Args:
        templates: each once by name and language.
        language: the store's own, BCP 47.
        country: the store's, ISO 3166; tells how days are written where nothing else does.
    """

    def __init__(
        self,
        templates: Iterable[Template] = (),
        *,
        language: str = "en",
        country: str | None = None,
    ) -> None:
        self.language = language
        self._country = country
        self._by_name: dict[str, dict[str, Template]] = {}
        for template in templates:
            self._by_name.setdefault(template.name, {})[template.language] = template

    @property
    def names(self) -> list[str]:
        """The names of all templates."""
        return sorted(self._by_name)

    def languages(self, name: str) -> list[str]:
        """Return the languages that a template is written in; empty where there is none."""
        return sorted(self._by_name.get(name, ()))

    def __iter__(self) -> Iterator[Template]:
        return iter(
            [self._by_name[name][tag] for name in self.names for tag in self.languages(name)]
        )

    def find(self, name: str, locale: str | None) -> Template:
        """Return the template that speaks to somebody: see `locales.choose_language`.

        Args:
            name: the template's.
            locale: the person's, BCP 47; None where it is not known.

        Raises:
            UnknownTemplateError: there is none of this name.
        """
        written = self._by_name.get(name, {})
        language = choose_language(written, locale, self.language)
        if language is None:
            raise UnknownTemplateError(name, ", ".join(self.names))
        return written[language]

    def says(self, name: str, locale: str | None, word: str) -> bool:
        """Tell whether the template that speaks to somebody names a value.

        Args:
            name: the template's.
            locale: the person's, BCP 47; None where it is not known.
            word: of the vocabulary.

        Raises:
            UnknownTemplateError: there is none of this name.
        """
        return re.search(rf"\b{re.escape(word)}\b", self.find(name, locale).source) is not None

    def render(
        self,
        name: str,
        locale: str | None,
        values: Mapping[str, object],
        *,
        zone: ZoneInfo,
        shorten: Shorten,
    ) -> Rendered:
        """Write a text for somebody.

        Args:
            name: the template's.
            locale: the person's, BCP 47; None where it is not known.
            values: what can be said, by name (`vocabulary`). Mappings and dataclasses have parts,
                amounts are ``(Decimal, currency)``, instants are aware. None, and an empty text, is
                not known.
            zone: the person's; instants are told in it.
            shorten: makes short links.

        Raises:
            ContentError: there is no such template, a value is missing for which it says nothing
                else (`MissingValueError`), or it cannot be written; file and line are told.
        """
        return self.write(self.find(name, locale), locale, values, zone=zone, shorten=shorten)

    def write(
        self,
        template: Template,
        locale: str | None,
        values: Mapping[str, object],
        *,
        zone: ZoneInfo,
        shorten: Shorten,
    ) -> Rendered:
        """Write the text of one template, as `render` does of the one that it chose."""
        from gateway.commerce.templates.filters import Voice
        from gateway.commerce.templates.sandbox import write

        spoken = locale_for(template.language, locale, self._country)
        voice = Voice(locale=spoken, zone=zone, shorten=shorten)
        try:
            text = _tidy(write(template.compiled, values, voice))
        except MissingValueError as error:
            raise MissingValueError(error.value, file=template.file, place=error.place) from None
        except ContentError as error:
            raise ContentError(error.reason, file=template.file, place=error.place) from None
        if not text:
            raise ContentError("says nothing", file=template.file)
        return Rendered(text=text, language=template.language)


def _tidy(text: str) -> str:
    """Return a text without the blanks that conditions leave behind."""
    lines = (_SPACES.sub(" ", line).strip() for line in text.splitlines())
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def parse_template(source: str, *, name: str, language: str, file: Path | None = None) -> Template:
    """Read a template.

    Raises:
        ContentError: it cannot be as it stands; file and line are told.
    """
    from gateway.commerce.templates.sandbox import compiled

    try:
        code = compiled(source)
    except ContentError as error:
        raise ContentError(error.reason, file=file, place=error.place) from None
    return Template(name=name, language=language, source=source, compiled=code, file=file)


def load_templates(
    folder: Path, *, language: str = "en", country: str | None = None, only: str = "*"
) -> tuple[Library, list[ContentError]]:
    """Read the templates of a store, and what is wrong with those that cannot be read.

    Args:
        folder: where ``NAME.LANG.txt`` lie; one that is not there has none.
        language: the store's own, BCP 47.
        country: the store's, ISO 3166.
        only: the one template to read; all by default.
    """
    templates: list[Template] = []
    faults: list[ContentError] = []
    for file in sorted(folder.glob(f"{only}.*{SUFFIX}" if only != "*" else f"*{SUFFIX}")):
        try:
            templates.append(_load(file))
        except ContentError as error:
            faults.append(error)
    return Library(templates, language=language, country=country), faults


def _load(file: Path) -> Template:
    try:
        name, language = read_file_name(file.name)
        source = _read(file)
    except OSError as error:
        raise ContentError(f"cannot be read: {error.strerror}", file=file) from None
    except UnicodeDecodeError:
        raise ContentError("is not UTF-8", file=file) from None
    except ValueError as error:
        raise ContentError(str(error), file=file) from None
    return parse_template(source, name=name, language=language, file=file)


def _read(file: Path) -> str:
    if file.stat().st_size > _MOST_OF_FILE:
        raise ValueError(f"has {file.stat().st_size} bytes; right: at most {_MOST_OF_FILE}")
    return file.read_text(encoding="utf-8-sig")
