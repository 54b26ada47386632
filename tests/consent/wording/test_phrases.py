"""How phrases are written, and that the policy files write them so."""

from __future__ import annotations

import re

import pytest

from gateway.consent.wording.folding import fold
from gateway.consent.wording.language import Language, detect, languages
from gateway.consent.wording.links import find_links
from gateway.consent.wording.phrases import compile_phrases

PLACE = re.compile(r"[^\w\s'$£€°%&/+=().|*#@?!~,:-]")


def found(phrase: str, text: str) -> bool:
    folded = fold(text, links=[link.where for link in find_links(text)])
    return bool(compile_phrases([phrase]).search(folded.text))


@pytest.mark.parametrize(
    ("phrase", "text", "finds"),
    [
        ("new tea", "Our NEW  tea", True),
        ("new tea", "Our new-tea", True),
        ("new tea", "Something new. Tea", False),
        ("tea", "team", False),
        ("tea", "steam tea", True),
        ("the", "Le thé", True),
        ("tea*", "teapots", True),
        ("(new|old) tea", "old tea", True),
        ("(new|old) tea", "tea", False),
        ("get (the)? tea", "get tea", True),
        ("get (the)? tea", "get the tea", True),
        ("get ~ tea", "get some very good tea", True),
        ("get ~ tea", "get a lot of very good tea", False),
        ("# cups", "12 cups", True),
        ("# cups", "{count} cups", True),
        ("# cups", "no cups", False),
        ("tea at @", "tea at acme.example/tea", True),
        ("tea at @", "tea at {shop_url}", True),
        ("tea at @", "tea at home", False),
        ("tea", "https://acme.example/tea", False),
    ],
)
def test_a_phrase_finds_what_it_says(phrase: str, text: str, finds: bool) -> None:
    assert found(phrase, text) is finds


def test_no_phrases_find_nothing() -> None:
    assert not compile_phrases([]).search("anything")


@pytest.mark.parametrize("language", languages().values(), ids=lambda language: language.code)
def test_every_phrase_can_be_read_as_it_is_meant(language: Language) -> None:
    for name, phrases in language:
        if isinstance(phrases, tuple) and name not in ("countries", "common"):
            assert phrases, name
            for phrase in phrases:
                assert phrase == phrase.strip(), (name, phrase)
                assert not phrase.endswith(("?", "~")), (name, phrase)
                assert not PLACE.search(phrase), (name, phrase)
            assert len(set(phrases)) == len(phrases), name
            language.find(name)


def test_a_country_speaks_one_language() -> None:
    countries = [country for language in languages().values() for country in language.countries]
    assert len(countries) == len(set(countries))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Your order is on its way to you", "en"),
        ("Votre commande est en route pour vous", "fr"),
        ("Twoje zamówienie jest już w drodze", "pl"),
        ("Acme 1001", None),
        ("", None),
    ],
)
def test_a_language_is_told_where_it_is_sure(text: str, code: str | None) -> None:
    language = detect(fold(text).text)
    assert (language.code if language else None) == code
