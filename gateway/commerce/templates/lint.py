"""What is wrong with the templates of a store, before anybody is sent them.

Each is read in all of its branches, and written for persons of whom all is known, of whom little
is, and whose things have long names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from gateway.commerce.templates.library import Library, Template
from gateway.commerce.templates.plain import costly_signs
from gateway.commerce.templates.vocabulary import (
    Known,
    Word,
    flat,
    sample_values,
    without_optional,
)
from gateway.consent.wording import Draft, Severity, judge, mention_for
from gateway.consent.wording.draft import Asks
from gateway.consent.wording.language import languages
from gateway.domain.errors import ContentError
from gateway.domain.job import MAX_PARTS
from gateway.domain.purpose import Purpose
from gateway.settings.nearest import nearest
from gateway.sms import Alphabet, count_parts

USUAL_PARTS: Final = 2
"""More than these are seldom read to their end, and cost as much as another message."""

LONG_URL: Final = 24
"""Characters of a short link at most; a URL that is longer is worth one."""

_SHORT_ALREADY: Final = "opt_out_url"

STRICTEST: Final = Asks()

_FEW_SIGNS: Final = 2
"""So many characters that make a text 16 bit are a slip; more are its language."""

_URL: Final = re.compile(r"https?://[^\s{}]+")
_HEADER: Final = re.compile(r"\{#-?\s*vars:\s*([^#]*?)-?#\}")
_LONG: Final = "Hand-thrown blue stoneware mug with a lid and a spoon, 300 ml"
_LINK: Final = "s.example/l/0123456789ab"


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """One thing about a template."""

    template: str
    id: str
    """A stable word for programs, such as ``unknown_value``."""
    severity: Severity
    what: str
    """What is wrong, and what would be right."""
    language: str | None = None
    """None: of all its languages together."""
    line: int | None = None
    file: Path | None = None

    def as_error(self) -> ContentError:
        """Return it as what is wrong with a file."""
        place = None if self.line is None else f"line {self.line}"
        return ContentError(self.what, file=self.file or Path(self.template), place=place)


@dataclass(frozen=True, kw_only=True, slots=True)
class House:
    """What has to be known of a store to judge its templates."""

    brand: str
    zone: ZoneInfo
    country: str | None = None
    mention: str | None = None
    """How its marketing offers an opt-out; None: in the words of the language."""
    asks: Asks = STRICTEST
    """What the rules of its country ask of texts."""
    purposes: Mapping[str, Purpose] | None = None
    """What templates are for, by name, as flows and campaigns say; else they say it themselves."""


def lint(library: Library, house: House) -> list[Remark]:
    """Return what is to be said of a store's templates; the errors first."""
    spoken = {template.language for template in library}
    remarks = [remark for template in library for remark in _of_file(template, library, house)]
    for name in library.names:
        remarks += _of_languages(name, library, spoken)
    order = list(Severity)
    return sorted(remarks, key=lambda one: (order.index(one.severity), one.template))


def purpose_of(template: Template, house: House) -> Purpose:
    """Return what a template is for; marketing, whose rules are stricter, where nobody says."""
    return (house.purposes or {}).get(template.name) or template.purpose or Purpose.MARKETING


def _of_file(template: Template, library: Library, house: House) -> Iterator[Remark]:
    found = [*_values(template), *_links(template)]
    found += _written(template, library, house)
    for remark in found:
        yield replace(remark, file=template.file)


def _remark(
    template: Template, id_: str, severity: Severity, what: str, line: int | None = None
) -> Remark:
    return Remark(
        template=template.name,
        language=template.language,
        id=id_,
        severity=severity,
        what=what,
        line=line,
    )


def _values(template: Template) -> Iterator[Remark]:
    """Find values that there are not, and those that may be missing."""
    from gateway.commerce.templates.sandbox import parse
    from gateway.commerce.templates.saying import uses_of

    words, declared = dict(flat()), _declared(template)
    told: set[tuple[str, str]] = set()
    for use in uses_of(parse(template.source)):
        root = use.path.partition(".")[0]
        if root in declared:
            continue
        word = words.get(use.path)
        if word is None:
            near = nearest(use.path, [*words, *declared])
            what = f"there is no value {use.path!r}; did you mean {near!r}?"
            remark = _remark(template, "unknown_value", Severity.ERROR, what, use.line)
        elif not use.safe and _may_be_missing(use.path, word):
            severity = Severity.WARNING if word.known is Known.ABOUT else Severity.ERROR
            what = (
                f'{use.path} may be missing; write {{{{ {use.path} | default("…") }}}}, '
                f"or {{% if {use.path} %}}"
            )
            remark = _remark(template, "no_fallback", severity, what, use.line)
        else:
            continue
        if (remark.id, use.path) not in told:
            told.add((remark.id, use.path))
            yield remark


def _declared(template: Template) -> frozenset[str]:
    """Return the values that jobs bring, as ``{# vars: eta, carrier #}`` says."""
    said = _HEADER.search(template.source)
    return frozenset(said[1].replace(",", " ").split()) if said else frozenset()


def _may_be_missing(path: str, word: Word) -> bool:
    if word.known is Known.ABOUT:
        return not word.parts  # of a thing that the message is about, the parts say it
    return word.known is Known.PERHAPS and path != "products"


def _links(template: Template) -> Iterator[Remark]:
    """Find URLs that stand in the text at their full length."""
    from gateway.commerce.templates.sandbox import parse
    from gateway.commerce.templates.saying import uses_of

    for line, text in enumerate(template.source.splitlines(), 1):
        for match in _URL.finditer(text):
            inside = text[: match.start()].rfind("{{") > text[: match.start()].rfind("}}")
            if len(match[0]) > LONG_URL and not inside:
                what = f'a long link; write {{{{ "{match[0]}" | short }}}}'
                yield _remark(template, "long_url", Severity.WARNING, what, line)
    for use in uses_of(parse(template.source)):
        long = use.path.endswith("url") and use.path != _SHORT_ALREADY
        if long and not use.safe and "short" not in use.filters:
            what = f"a long link; write {{{{ {use.path} | short }}}}"
            yield _remark(template, "long_url", Severity.WARNING, what, use.line)


def _written(template: Template, library: Library, house: House) -> Iterator[Remark]:
    """Write it for several persons, and judge what they would get."""
    try:
        texts = [_text(template, library, house, values) for values in _persons(template)]
    except ContentError as error:
        line = int(error.place.split()[-1]) if error.place else None
        yield _remark(template, "fails", Severity.ERROR, error.reason, line)
        return
    yield from _rules(template, texts[0], house)
    yield from _size(template, texts)


def _persons(template: Template) -> Iterator[dict[str, Any]]:
    """Return values of persons; the jobs' own are whatever the template calls them."""
    own = dict.fromkeys(_declared(template), "1234")
    yield sample_values() | own
    long = sample_values()
    for things in (long["products"], long["cart"]["items"], long["order"]["items"]):
        things[0]["name"] = _LONG
        things.extend([things[0]] * 2)
    long["product"]["name"] = _LONG
    yield long | {"first_name": "Maximiliane"} | own
    least = without_optional()
    if not any(remark.id == "no_fallback" for remark in _values(template)):
        yield least | own


def _text(template: Template, library: Library, house: House, values: Mapping[str, Any]) -> str:
    store = {**values["store"], "brand": house.brand}
    return library.write(
        template, None, {**values, "store": store}, zone=house.zone, shorten=lambda *_: _LINK
    ).text


def _rules(template: Template, text: str, house: House) -> Iterator[Remark]:
    draft = Draft(
        text=text,
        purpose=purpose_of(template, house),
        brand=house.brand,
        asks=house.asks,
        language=languages().get(template.language.partition("-")[0]),
    )
    judgement = judge(draft, mention_for(draft, house.country, house.mention))
    for finding in judgement.findings:
        if finding.id not in ("too_many_parts", "dear_sign", "link_unclear"):  # told by `_size`
            what = f"{finding.what}; {finding.remedy}"
            yield _remark(template, finding.id, finding.severity, what)


def _size(template: Template, texts: Iterable[str]) -> Iterator[Remark]:
    longest = max(texts, key=lambda text: (count_parts(text).parts, len(text)))
    parts = count_parts(longest).parts
    if parts > MAX_PARTS:
        what = f"takes {parts} parts for some persons; at most {MAX_PARTS} are sent"
        yield _remark(template, "too_many_parts", Severity.ERROR, what)
    elif parts > USUAL_PARTS:
        what = f"takes {parts} parts for some persons; right: {USUAL_PARTS}, with truncate"
        yield _remark(template, "long", Severity.WARNING, what)
    signs = costly_signs(longest)
    if 0 < len(signs) <= _FEW_SIGNS:
        for one in signs:
            right = "leave it out" if one.instead is None else f'write "{one.instead}"'
            what = f'"{one.sign}" ({one.name}) makes the text 16 bit, 70 characters a part; {right}'
            line = _line(template, one.sign)
            yield _remark(template, "costly_sign", Severity.WARNING, what, line)


def _line(template: Template, sign: str) -> int | None:
    lines = template.source.splitlines()
    return next((number for number, line in enumerate(lines, 1) if sign in line), None)


def _of_languages(name: str, library: Library, spoken: set[str]) -> Iterator[Remark]:
    known = set(library.languages(name))
    bases = {language.partition("-")[0] for language in known}

    def remark(id_: str, severity: Severity, what: str) -> Remark:
        return Remark(template=name, id=id_, severity=severity, what=what)

    if library.language.partition("-")[0] not in bases:
        what = f"is not written in {library.language}, the store's own language"
        yield remark("language_missing", Severity.WARNING, what)
    missing = sorted({one.partition("-")[0] for one in spoken} - bases - {library.language})
    if missing:
        what = f"is not written in {', '.join(missing)}, as others are"
        yield remark("language_missing", Severity.ADVICE, what)
    by_alphabet: dict[Alphabet, list[str]] = {}
    for language in sorted(known):
        template = library.find(name, language)
        said = re.sub(r"\{[{%#].*?[}%#]\}", "", template.source, flags=re.DOTALL)
        by_alphabet.setdefault(count_parts(said).alphabet, []).append(language)
    if len(by_alphabet) > 1:
        dear = ", ".join(by_alphabet[Alphabet.UCS2])
        what = f"is 16 bit in {dear}, and 7 bit in its other languages"
        yield remark("alphabets_differ", Severity.ADVICE, what)
