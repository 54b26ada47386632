"""The files of words: complete, each with its source, and consistent among each other."""

from __future__ import annotations

import pytest

from gateway.consent.keywords.lists import load_lists, read_list
from gateway.consent.keywords.normal import normalise
from gateway.consent.keywords.vocabulary import load_vocabulary
from gateway.domain.consent import PURPOSES
from gateway.domain.errors import ConfigurationError

SPECIFIED = {
    "en": "stop, stopall, stop all, unsubscribe, cancel, end, quit, revoke, opt out, opt-out, "
    "optout, remove, td",
    "fr": "arrêt, arret, stop, désabonner",
    "de": "stopp, abmelden, abbestellen, austragen",
    "es": "baja, alto, parar, cancelar",
    "it": "basta, annulla, disiscrivi, cancella",
    "pt": "parar, sair, cancelar",
    "nl": "stop, afmelden, uitschrijven",
    "pl": "stop, wypisz, rezygnuje",
    "sv": "stopp, avsluta",
    "da": "stop, afmeld",
    "fi": "lopeta, peru",
    "cs": "stop, odhlasit",
    "ro": "stop, dezabonare",
    "hu": "stop, leiratkozas",
    "el": "στοπ, διαγραφη",
    "ru": "стоп, отписаться",
    "uk": "стоп, відписатись",
    "tr": "iptal, ret",
    "ar": "إلغاء, توقف",
    "he": "הסר",
    "zh": "退订, 退訂, td",
    "ja": "停止, 配信停止",
    "ko": "수신거부",
}
"""COMPLIANCE section 5, as it stands there."""


@pytest.mark.rule("K-1", "US-3")
@pytest.mark.parametrize("language", SPECIFIED)
def test_every_word_of_the_specification_is_a_stop(language: str) -> None:
    whole = load_vocabulary().whole
    for word in SPECIFIED[language].split(", "):
        assert whole[normalise(word).compact].kind == "stop", word


@pytest.mark.rule("K-5")
def test_every_topic_is_a_purpose_of_the_ledger() -> None:
    assert {scope for known in load_lists() for scope in known.topics} <= set(PURPOSES)


def test_no_word_is_a_stop_in_one_language_and_a_yes_in_another() -> None:
    """Where two lists name one word, the more careful kind must win."""
    stops = {normalise(word).compact for x in load_lists() for word in x.whole.stop}
    others = {
        normalise(word).compact
        for x in load_lists()
        for word in (*x.whole.yes, *x.whole.start, *x.whole.help)
    }
    assert stops & others == set()


def test_no_keyword_is_named_as_a_word_that_only_looks_like_one() -> None:
    vocabulary = load_vocabulary()
    assert vocabulary.ordinary & (vocabulary.whole.keys() | vocabulary.strong.keys()) == set()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("language = ", "keywords xx.toml is no TOML"),
        ('language = "xx"', "keywords xx.toml: checked: Field required"),
    ],
)
def test_a_list_that_is_wrong_is_named(text: str, fault: str) -> None:
    with pytest.raises(ConfigurationError, match=fault):
        read_list(text, source="xx.toml")
