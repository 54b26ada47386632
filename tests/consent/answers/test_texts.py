"""What the gateway writes by itself says all that it must, and nothing that it may not."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from gateway.consent.answers import AnswerKind, Voices, Written, template_for
from gateway.consent.answers.templates import load_answers
from gateway.consent.keywords import IntentKind, read_intent
from gateway.consent.wording import Draft, Kind, judge, languages
from gateway.consent.wording.rule import StoreWording
from gateway.domain.ids import StoreName
from gateway.domain.purpose import Purpose
from gateway.sms import Alphabet, count_parts

ACME = StoreName("acme")
SHOP = StoreWording(brand="Acme Tea & Co", country="GB", help_contact="help@acme.example")
VOICES = Voices(SimpleNamespace(stores={ACME: SHOP}))

KINDS = {
    AnswerKind.OPTIN_PROMPT: Kind.OPTIN_PROMPT,
    AnswerKind.OPTIN_CONFIRM: Kind.OPTIN_CONFIRM,
    AnswerKind.HELP: Kind.HELP,
    AnswerKind.STOP: Kind.STOP_CONFIRM,
    AnswerKind.STOP_ALL: Kind.STOP_CONFIRM,
    AnswerKind.STOP_TOPIC: Kind.STOP_CONFIRM,
    AnswerKind.STOP_PERHAPS: Kind.STOP_CONFIRM,
}
PURPOSES = ("marketing", "marketing.offers", "marketing.restock", "marketing.cart")

every_language = pytest.mark.parametrize("language", sorted(load_answers()))
every_kind = pytest.mark.parametrize("kind", list(AnswerKind))


def written(kind: AnswerKind, language: str, purpose: str = "marketing") -> Written:
    text = VOICES.write(kind, [ACME], language, [purpose])
    assert text is not None
    return text


def test_there_are_texts_in_every_language_whose_texts_are_judged() -> None:
    assert set(load_answers()) == set(languages())


@pytest.mark.rule("US-4", "US-8", "G-4", "E-2")
@every_language
@every_kind
def test_every_text_says_all_that_it_must_and_advertises_nothing(
    language: str, kind: AnswerKind
) -> None:
    """Under the rules of American carriers, which ask for the most."""
    for purpose in PURPOSES:
        draft = Draft(
            text=written(kind, language, purpose).text,
            purpose=Purpose.TRANSACTIONAL,
            brand=SHOP.brand,
            kind=KINDS[kind],
            language=languages()[language],
        )
        findings = judge(draft, "STOP").findings
        assert [x for x in findings if x.severity != "advice"] == [], draft.text


@pytest.mark.rule("US-4")
@pytest.mark.parametrize("word", ["sale", "20% off", "buy now"])
def test_the_check_can_fail(word: str) -> None:
    draft = Draft(
        text=f"{written(AnswerKind.STOP, 'en').text} {word}!",
        purpose=Purpose.TRANSACTIONAL,
        brand=SHOP.brand,
        kind=Kind.STOP_CONFIRM,
        language=languages()["en"],
    )
    assert judge(draft, "STOP").faulty


@every_language
@every_kind
def test_no_text_takes_more_than_two_parts_of_the_plain_alphabet(
    language: str, kind: AnswerKind
) -> None:

    for purpose in PURPOSES:
        count = count_parts(written(kind, language, purpose).text)
        assert (count.alphabet, count.parts <= 2) == (Alphabet.GSM7, True), count.forcing


@every_language
def test_what_a_person_is_told_to_answer_is_understood(language: str) -> None:
    """Each word in capitals of a text is a keyword, or no word to be written."""
    understood = {
        AnswerKind.OPTIN_PROMPT: {IntentKind.YES, IntentKind.HELP, IntentKind.STOP},
        AnswerKind.OPTIN_CONFIRM: {IntentKind.HELP, IntentKind.STOP},
        AnswerKind.HELP: {IntentKind.STOP},
        AnswerKind.STOP: {IntentKind.STOP},
        AnswerKind.STOP_PERHAPS: {IntentKind.START},
    }
    for kind, wanted in understood.items():
        text = written(kind, language).text.replace("SMS", "")
        words = {word.strip(".,;:!?") for word in text.split()}
        intents = [read_intent(word) for word in words if word.isupper() and len(word) > 1]
        assert wanted <= {intent.kind for intent in intents if intent is not None}, text
    assert "STOP ALL" in written(AnswerKind.STOP, language).text


@pytest.mark.rule("G-1")
def test_a_text_is_known_by_its_kind_language_and_version() -> None:
    assert template_for(AnswerKind.STOP, "de-CH").name == "stop/de/1"
    assert template_for(AnswerKind.STOP, "ja").name == "stop/en/1"
    assert template_for(AnswerKind.STOP, None).name == "stop/en/1"


@pytest.mark.rule("US-8")
def test_without_a_contact_there_is_no_answer_to_help() -> None:
    bare = Voices(SimpleNamespace(stores={ACME: StoreWording(brand="Acme", country="GB")}))
    assert bare.write(AnswerKind.HELP, [ACME], "en") is None
    assert bare.write(AnswerKind.STOP, [ACME], "en") is not None


@pytest.mark.rule("K-8")
def test_an_answer_for_several_stores_names_each() -> None:
    books = StoreName("books")
    two = Voices(
        SimpleNamespace(stores={ACME: SHOP, books: StoreWording(brand="Books", country="FR")})
    )
    text = two.write(AnswerKind.STOP, [books, ACME], None)
    assert text is not None
    assert text.text.startswith("Books, Acme Tea & Co : ")
