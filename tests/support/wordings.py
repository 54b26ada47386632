"""Templates in tests: one text, written for somebody in Berlin."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from gateway.commerce.templates import Library, parse_template

BERLIN = ZoneInfo("Europe/Berlin")
LINK = "go.acme.example/l/a1b2c3"


def shorten(url: str, product_id: str | None) -> str:
    """Return a link as long as one of ours."""
    return LINK


def library(country: str | None = "GB", home: str = "en", **sources: str) -> Library:
    """Return templates that are named like ``hello_de``."""
    read = [
        parse_template(source, name=name.rpartition("_")[0], language=name.rpartition("_")[2])
        for name, source in sources.items()
    ]
    return Library(read, language=home, country=country)


def say(
    source: str,
    locale: str | None = None,
    *,
    language: str = "en",
    country: str | None = "GB",
    **values: object,
) -> str:
    """Return what a template says."""
    read = parse_template(source, name="x", language=language)
    one = Library([read], country=country)
    return one.render("x", locale, values, zone=BERLIN, shorten=shorten).text
