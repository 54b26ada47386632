"""What a text takes, with what it still has to say."""

from __future__ import annotations

from decimal import Decimal

import pytest
from support.wording import errors, findings_of, ids

from gateway.consent.wording import Draft, Severity, judge
from gateway.domain.purpose import Purpose
from gateway.sms import Alphabet

MENTION = "STOP: reply STOP"


def size_of(text: str, purpose: Purpose = Purpose.MARKETING) -> tuple[int, Decimal | None]:
    draft = Draft(text=text, purpose=purpose, brand="Acme")
    size = judge(draft, MENTION, Decimal("0.07")).size
    return size.count.parts, size.cost


@pytest.mark.rule("E-2")
def test_the_mention_counts_before_it_is_there() -> None:
    text = "Acme: " + "a" * 150
    assert size_of(text, Purpose.TRANSACTIONAL) == (1, Decimal("0.07"))
    assert size_of(text) == (2, Decimal("0.14"))


@pytest.mark.rule("E-2")
def test_a_mention_that_is_there_counts_once() -> None:
    assert size_of("Acme: " + "a" * 136 + f"\n{MENTION}") == (1, Decimal("0.07"))


def test_typography_that_makes_parts_is_told_with_its_place() -> None:
    text = "Acme: your order\u2019s " + "a" * 100
    found = findings_of(text, Purpose.TRANSACTIONAL)
    assert ids(found, Severity.ADVICE) == ["dear_sign"]
    assert found[0].where is not None
    assert text[found[0].where.start] == "\u2019"


def test_letters_that_no_typewriter_has_are_nobodys_fault() -> None:
    text = (
        "Acme: Twoje zamówienie już jest w sklepie, prosimy o odbiór do piątku, dziękujemy za zakup"
    )
    draft = Draft(text=text, purpose=Purpose.TRANSACTIONAL, brand="Acme")
    judged = judge(draft, MENTION)
    assert judged.size.count.alphabet is Alphabet.UCS2
    assert judged.findings == ()


def test_a_text_that_nobody_sends_is_too_long() -> None:
    assert errors("a" * 1530, Purpose.TRANSACTIONAL) == []
    assert errors("a" * 1531, Purpose.TRANSACTIONAL) == ["too_many_parts"]
