"""What is a simple question is known for one, and what is more than that is left to a person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.commerce.conversations.questions import read_question
from gateway.consent.keywords import read_intent


@pytest.mark.parametrize(
    ("text", "language", "order"),
    [
        ("Where is my order?", "en", None),
        ("where's my order", "en", None),
        ("Hi, where is my parcel please? Thanks!", "en", None),
        ("WHERE IS MY ORDER 1001??", "en", "1001"),
        ("Where is my order #1001", "en", "1001"),
        ("Hello! Where is my order no. 1001, please", "en", "1001"),
        ("when will my package arrive", "en", None),
        ("Has my order been shipped yet?", "en", None),
        ("order status", "en", None),
        ("any news on my delivery", "en", None),
        ("Wo ist mein Paket?", "de", None),
        ("Guten Tag, wo bleibt meine Bestellung 1001?", "de", "1001"),
        ("Wann kommt meine Lieferung an?", "de", None),
        ("Sendungsverfolgung", "de", None),
        ("Où est ma commande ?", "fr", None),
        ("Bonjour, où est mon colis svp", "fr", None),
        ("¿Dónde está mi pedido?", "es", None),
        ("hola donde esta mi pedido 1001", "es", "1001"),
    ],
)
def test_a_question_after_an_order_is_known(text: str, language: str, order: str | None) -> None:
    question = read_question(text)
    assert question is not None
    assert (question.language, question.order) == (language, order)


@pytest.mark.parametrize(
    "text",
    [
        "where is my refund",
        "my order is broken, where is it",
        "I got my order, thanks",
        "Where is my order? I want to cancel it",
        "where is my order it is late and I want my money back",
        "where is your shop",
        "has my order been cancelled",
        "where are my orders 1001 and 1002",
        "order",
        "1001",
        "ok",
        "",
        "🎁",
        "Mein Paket ist kaputt",
        "Die Bestellung ist da, danke",
        "Wo ist mein Geld",
        "où est mon argent",
        "mi pedido llegó roto",
        "where is my order where is my order where is my order where is my order",
    ],
)
def test_whatever_says_more_is_left_to_a_person(text: str) -> None:
    assert read_question(text) is None


@pytest.mark.parametrize("text", ["STOP", "stop where is my order", "HELP", "cancel my order"])
def test_no_question_is_a_keyword(text: str) -> None:
    assert read_question(text) is None


@given(st.text(max_size=200))
def test_whatever_is_written_is_read(text: str) -> None:
    question = read_question(text)
    assert question is None or read_intent(text) is None
