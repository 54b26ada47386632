"""Marketing says how to end it, in its own language; and the mention that does so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.wording import errors, samples

from gateway.consent.wording import (
    Asks,
    Draft,
    languages,
    mention_for,
    mentions_opt_out,
    with_mention,
)
from gateway.domain.purpose import Purpose
from gateway.sms import Alphabet, count_parts

OFFERS = {
    "en": "Acme: new tea is here for you, get yours today",
    "fr": "Acme : notre nouveau thé est arrivé pour vous dans nos magasins",
    "de": "Acme: unser neuer Tee ist da und wartet auf Sie",
    "es": "Acme: ya está aquí el nuevo té para ti en la tienda",
    "it": "Acme: il nuovo tè è arrivato per te nel nostro negozio",
    "nl": "Acme: onze nieuwe thee is er voor jou in de winkel",
    "pt": "Acme: o novo chá já chegou à nossa loja para si",
    "pl": "Acme: nowa herbata jest już w naszym sklepie dla Ciebie",
}


def draft(text: str) -> Draft:
    return Draft(text=text, purpose=Purpose.MARKETING, brand="Acme")


@pytest.mark.rule("E-2", "FR-1")
@pytest.mark.parametrize("language", OFFERS)
def test_marketing_without_a_way_out_is_found(language: str) -> None:
    assert errors(OFFERS[language]) == ["opt_out_missing"]


@pytest.mark.rule("E-2", "FR-2")
@pytest.mark.parametrize(
    ("language", "mention"),
    [
        ("en", "Reply STOP to opt out"),
        ("en", "Txt STOP to 60777"),
        ("en", "Opt out: https://acme.example/u/x1"),
        ("en", "to stop, text stop"),
        ("en", "No more texts: {optout_link}"),
        ("fr", "STOP au 36111"),
        ("fr", "STOP SMS au 36111"),
        ("fr", "STOP 36111"),
        ("fr", "Désabonnement : STOP"),
        ("fr", "Pour ne plus recevoir nos SMS, répondez STOP"),
        ("de", "Abmelden mit STOP"),
        ("de", "Antworte STOP"),
        ("es", "Baja: responde STOP"),
        ("es", "Para darte de baja https://acme.example/b"),
        ("it", "Rispondi STOP"),
        ("nl", "Afmelden? Stuur STOP"),
        ("pt", "Responda SAIR"),
        ("pl", "Odpisz STOP"),
    ],
)
def test_a_way_out_is_known_in_each_language(language: str, mention: str) -> None:
    assert errors(f"{OFFERS[language]}. {mention}") == []


@pytest.mark.rule("E-2")
@pytest.mark.parametrize(
    "text",
    [
        "Acme: don't stop the music, the new tea is here for you",
        "Acme: your one stop shop for tea is open",
        "Acme: reply now and get the tea. Stop by today!",
        "Acme: bus stop 12 is closed, the shop is open",
    ],
)
def test_the_word_alone_is_no_way_out(text: str) -> None:
    assert errors(text) == ["opt_out_missing"]


@pytest.mark.rule("E-2")
def test_a_way_out_in_another_language_is_none() -> None:
    assert errors(OFFERS["fr"] + ". Reply STOP to opt out") == ["opt_out_language"]


@pytest.mark.rule("E-2")
def test_a_country_that_asks_for_none_gets_none() -> None:
    assert errors(OFFERS["en"], asks=Asks(opt_out=False)) == []


@pytest.mark.rule("FR-2")
def test_the_stores_own_mention_wins() -> None:
    text = draft(OFFERS["fr"])
    assert mention_for(text, "FR", "Fin au 36111") == "Fin au 36111"
    assert errors(f"{OFFERS['fr']} fin au 36111", mention="Fin au 36111") == []
    assert errors(f"{OFFERS['fr']} fin au 36111") == ["opt_out_missing"]


@pytest.mark.parametrize(
    ("text", "country", "language"),
    [
        (OFFERS["de"], "FR", "de"),
        ("Acme 1+1", "FR", "fr"),
        ("Acme 1+1", "CH", "en"),
        ("Acme 1+1", None, "en"),
    ],
)
def test_the_mention_speaks_as_the_text_does_or_as_the_country(
    text: str, country: str | None, language: str
) -> None:
    assert mention_for(draft(text), country) == languages()[language].mention


@pytest.mark.rule("E-2")
@pytest.mark.parametrize("language", OFFERS)
def test_every_mention_does_and_is_cheap(language: str) -> None:
    mention = languages()[language].mention
    assert errors(f"{OFFERS[language]}\n{mention}") == []
    assert count_parts(mention).alphabet is Alphabet.GSM7
    assert len(mention) <= 24


@pytest.mark.rule("E-2")
@given(st.sampled_from([one.text for one in samples()]), st.sampled_from(sorted(OFFERS)))
def test_a_mention_is_added_once(text: str, language: str) -> None:
    mention = languages()[language].mention
    once = with_mention(draft(text), mention)
    assert mentions_opt_out(draft(once), mention)
    assert with_mention(draft(once), mention) == once
