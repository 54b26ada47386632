"""What the texts of consent have to say."""

from __future__ import annotations

import pytest
from support.wording import errors, findings_of

from gateway.consent.country import TEST_NETWORK, load_policies
from gateway.consent.wording import Asks, Kind
from gateway.consent.wording.demands import asks_of
from gateway.domain.purpose import Purpose

DISCLOSURE = {
    "brand": "I agree to get",
    "marketing": "offers and news",
    "frequency": "by text, up to 4 messages a month",
    "rates": "Msg and data rates may apply",
    "opt_out": "Reply STOP to end",
    "help": "Reply HELP for help",
    "unconditional": "Consent is not a condition of purchase",
    "privacy": "Privacy: https://acme.example/privacy",
}
"""One sentence for each thing, the brand aside, which stands in the first."""

CONFIRM = {
    "brand": "Welcome to",
    "frequency": "4 msgs/month",
    "rates": "Msg & data rates may apply",
    "opt_out": "STOP to end, reply STOP",
    "help": "HELP for help",
}
EUROPE = Asks(carrier_rules=False)


def written(parts: dict[str, str], *, without: str | None = None) -> str:
    brand = "" if without == "brand" else "Acme. "
    return brand + ". ".join(said for name, said in parts.items() if name != without)


def missing(text: str, kind: Kind, **facts: object) -> list[str]:
    return errors(text, Purpose.TRANSACTIONAL, kind=kind, **facts)


@pytest.mark.rule("US-7", "US-8", "G-4")
@pytest.mark.parametrize("left_out", DISCLOSURE)
def test_a_disclosure_says_everything(left_out: str) -> None:
    assert missing(written(DISCLOSURE), Kind.DISCLOSURE) == []
    assert missing(written(DISCLOSURE, without=left_out), Kind.DISCLOSURE) == [
        f"{left_out}_missing"
    ]


@pytest.mark.rule("US-8")
@pytest.mark.parametrize("left_out", CONFIRM)
def test_a_confirmation_of_consent_says_everything(left_out: str) -> None:
    assert missing(written(CONFIRM), Kind.OPTIN_CONFIRM) == []
    assert missing(written(CONFIRM, without=left_out), Kind.OPTIN_CONFIRM) == [
        f"{left_out}_missing"
    ]


@pytest.mark.rule("G-4", "E-2")
@pytest.mark.parametrize(
    "text",
    [
        "Acme : vos offres et nouveautés par SMS, 4 messages par mois. Pour vous désabonner,"
        " répondez STOP. Confidentialité : https://acme.example/vie-privee",
        "Acme: Angebote und Neuigkeiten per SMS, höchstens 4 im Monat. Abmelden mit STOP."
        " Datenschutz: https://acme.example/datenschutz",
        "Acme: ofertas y novedades por SMS, 4 mensajes al mes. Baja: responde STOP."
        " Privacidad: https://acme.example/privacidad",
        "Acme: offerte e novità via SMS, 4 messaggi al mese. Rispondi STOP per uscire."
        " Privacy: https://acme.example/privacy",
        "Acme: aanbiedingen en nieuws per sms, 4 berichten per maand. Afmelden: antwoord STOP."
        " Privacy: https://acme.example/privacy",
        "Acme: ofertas e novidades por SMS, 4 mensagens por mês. Para sair responda STOP."
        " Privacidade: https://acme.example/privacidade",
        "Acme: oferty i nowości SMS-em, 4 wiadomości miesięcznie. Rezygnacja: odpisz STOP."
        " Polityka prywatności: https://acme.example/prywatnosc",
    ],
)
def test_in_europe_less_has_to_be_said_and_in_every_language(text: str) -> None:
    assert missing(text, Kind.DISCLOSURE, asks=EUROPE) == []
    assert missing("Acme", Kind.DISCLOSURE, asks=EUROPE) == [
        "marketing_missing",
        "frequency_missing",
        "opt_out_missing",
        "privacy_missing",
    ]


@pytest.mark.rule("DE-1", "US-8")
def test_a_prompt_says_who_asks_and_what_to_answer() -> None:
    assert missing("Acme: reply YES to get our offers", Kind.OPTIN_PROMPT) == []
    assert missing("Acme: antworten Sie mit JA", Kind.OPTIN_PROMPT) == []
    assert missing("Would you like our offers?", Kind.OPTIN_PROMPT) == [
        "brand_missing",
        "agree_missing",
    ]


@pytest.mark.rule("US-8")
def test_help_says_where_a_person_is_reached() -> None:
    assert missing("Acme help: help@acme.example. Reply STOP to end.", Kind.HELP) == []
    assert missing("We are happy to help", Kind.HELP) == [
        "brand_missing",
        "contact_missing",
        "opt_out_missing",
    ]


@pytest.mark.rule("US-4")
def test_an_answer_to_stop_does_not_advertise() -> None:
    assert missing("Acme: you get no more messages.", Kind.STOP_CONFIRM) == []
    assert "offer" in missing("Acme: done. Come back and get 10% off!", Kind.STOP_CONFIRM)


@pytest.mark.rule("T-1")
def test_an_answer_need_not_speak_of_an_order() -> None:
    found = findings_of("Acme: done.", Purpose.TRANSACTIONAL, kind=Kind.STOP_CONFIRM)
    assert found == []


@pytest.mark.rule("US-7", "US-8")
@pytest.mark.parametrize(
    ("country", "carriers"), [("US", True), ("CA", True), ("GB", False), ("FR", False)]
)
def test_what_american_carriers_ask_for_is_asked_there(country: str, carriers: bool) -> None:
    assert asks_of(load_policies().of(country)).carrier_rules is carriers


@pytest.mark.rule("E-2", "FR-1", "US-8")
@pytest.mark.parametrize("country", ["FR", "DE", "GB", "US", "XX", None])
def test_every_country_asks_who_writes_and_how_to_end_it(country: str | None) -> None:
    asks = asks_of(load_policies().of(country))
    assert (asks.identity, asks.opt_out) == (True, True)


def test_the_test_network_asks_for_nothing() -> None:
    asks = asks_of(load_policies().of(TEST_NETWORK))
    assert (asks.identity, asks.opt_out) == (False, False)


def test_of_an_unknown_country_everything_is_asked() -> None:
    assert asks_of(load_policies().of(None)) == Asks()
