"""What single messages ask for, and how plainly."""

from __future__ import annotations

import pytest

from gateway.consent.keywords import Certainty, Intent, IntentKind, read_intent


def stop(certainty: Certainty, word: str, language: str = "en", scope: str = "marketing") -> Intent:
    return Intent(
        kind=IntentKind.STOP, certainty=certainty, word=word, language=language, scope=scope
    )


def case(rule: str, text: str, certainty: Certainty, word: str, *more: str) -> object:
    return pytest.param(text, stop(certainty, word, *more), id=f"{rule} {text!a}")


@pytest.mark.rule("K-1", "K-2", "K-3", "K-4", "K-5", "K-6", "US-3")
@pytest.mark.parametrize(
    ("text", "intent"),
    [
        case("K-1", "STOP", Certainty.EXACT, "stop"),
        case("K-1", "Abmelden!", Certainty.EXACT, "abmelden", "de"),
        case("K-1", "退订", Certainty.EXACT, "退订", "zh"),
        case("K-2", "please stop", Certainty.NEAR, "stop"),
        case("K-2", "I said STOP", Certainty.NEAR, "stop"),
        case("K-3", "stpo", Certainty.NEAR, "stop"),
        case("K-3", "dtop", Certainty.NEAR, "stop"),
        case("K-3", "sssttop", Certainty.NEAR, "stop"),
        case("K-4", "wrong number mate", Certainty.REASONABLE, "wrong (number|person)"),
        case("K-4", "Stop, it is here already and I am happy", Certainty.REVIEW, "stop"),
        case("K-5", "STOP CART", Certainty.NEAR, "stop cart", "en", "marketing.cart"),
        case("K-5", "STOP 12345", Certainty.REVIEW, "stop"),
        case("K-6", "STOP ALL", Certainty.EXACT, "stop all", "en", "all"),
        case("US-3", "🛑", Certainty.NEAR, "🛑"),
    ],
)
def test_a_stop_is_read(text: str, intent: Intent) -> None:
    assert read_intent(text) == intent


@pytest.mark.rule("K-4")
@pytest.mark.parametrize(
    "text",
    [
        "don't stop the order",
        "stop by the shop",
        "cancel my order",
        "Is there a stop near you?",
        "I don't want to unsubscribe",
        "When does the sale end?",
        "shop",
        "subscribe",
        "😀",
        "",
        "...",
    ],
)
def test_what_only_looks_like_a_stop_is_none(text: str) -> None:
    assert read_intent(text) is None


@pytest.mark.rule("K-6")
@pytest.mark.parametrize("text", ["cancel", "stop", "stop ads", "leave me alone", "stop 1"])
def test_nothing_but_the_plain_words_for_everything_ends_service_messages(text: str) -> None:
    intent = read_intent(text)
    assert intent is not None
    assert intent.scope.startswith("marketing")


@pytest.mark.parametrize("text", ["start please", "START again", "please start", "starr", "strat"])
def test_a_start_is_the_bare_word_alone(text: str) -> None:
    """Consent is given by the plain word or not at all."""
    intent = read_intent(text)
    assert intent is None or intent.kind is not IntentKind.START


@pytest.mark.parametrize("text", ["yea right", "yeah", "yes leave it outside", "yrs", "yes stop"])
def test_a_yes_with_more_to_it_is_none(text: str) -> None:
    intent = read_intent(text)
    assert intent is None or intent.kind is not IntentKind.YES


@pytest.mark.rule("US-3")
def test_the_word_that_was_met_is_ours_and_never_the_persons() -> None:
    intent = read_intent("please take me off the list of Anna Smith")
    assert intent is not None
    assert "anna" not in intent.word
