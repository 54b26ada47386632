"""Which of its languages a template speaks to somebody, and how numbers and days are written there.

A language is BCP 47, such as ``de`` or ``de-AT``; its region, or else the store's country, decides
how a date looks: ``en`` alone would be the United States' month before the day.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from gateway.commerce.templates.names import as_tag

if TYPE_CHECKING:
    from babel import Locale

_FALLBACK: Final = "en"
_REGION: Final = 2


def choose_language(known: Collection[str], wanted: str | None, home: str) -> str | None:
    """Return the language to speak.

    Args:
        known: those that there are, as `as_tag` writes them.
        wanted: the person's locale, where it is known.
        home: the store's own.

    Returns:
        The person's own, then the person's without its region, then the store's, then English, then
        whichever there is; None where there is none.
    """
    for locale in (wanted, home, _FALLBACK):
        if locale is None:
            continue
        tag = as_tag(locale)
        while tag:
            if tag in known:
                return tag
            tag = tag.rpartition("-")[0]
        near = sorted(one for one in known if one.startswith(f"{as_tag(locale).split('-')[0]}-"))
        if near:
            return near[0]
    return min(known, default=None)


@lru_cache(maxsize=256)
def locale_for(language: str, wanted: str | None, country: str | None) -> Locale:
    """Return how to write numbers, money and days.

    Args:
        language: of the text.
        wanted: the person's locale; its region counts where its language is the text's.
        country: the store's, ISO 3166, which counts where nothing else tells a region.
    """
    from babel import Locale, UnknownLocaleError

    spoken = language.split("-")[0]
    tags = [as_tag(wanted or ""), language]
    regional = [tag for tag in tags if tag.split("-")[0] == spoken and _region(tag)]
    home = [f"{spoken}-{country.upper()}"] if country else []
    for candidate in (*regional, *home, language, spoken):
        try:
            return Locale.parse(candidate, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale(_FALLBACK)


def _region(tag: str) -> bool:
    return any(len(part) == _REGION for part in tag.split("-")[1:])
