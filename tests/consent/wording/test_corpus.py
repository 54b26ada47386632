"""How well offers are told from service messages, measured on texts in eight languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from support.wording import Sample, errors, findings_of, samples, unseen

from gateway.domain.purpose import Purpose

LANGUAGES = {"de", "en", "es", "fr", "it", "nl", "pl", "pt"}

pytestmark = pytest.mark.rule("T-1")


@dataclass(frozen=True)
class Measured:
    """What came of judging texts."""

    missed: list[str]
    """Offers that passed for service."""
    blamed: list[str]
    """Service messages that were taken for offers."""
    found: int

    @property
    def precision(self) -> float:
        return self.found / (self.found + len(self.blamed))

    @property
    def recall(self) -> float:
        return self.found / (self.found + len(self.missed))


def measure(texts: Sequence[Sample]) -> Measured:
    said = [(one, bool(errors(one.text, Purpose.TRANSACTIONAL))) for one in texts]
    return Measured(
        missed=[one.text for one, blamed in said if one.offer and not blamed],
        blamed=[one.text for one, blamed in said if blamed and not one.offer],
        found=sum(one.offer and blamed for one, blamed in said),
    )


def test_both_kinds_are_there_in_every_language() -> None:
    kinds = {(one.language, one.offer) for one in samples()}
    assert kinds == {(language, offer) for language in LANGUAGES for offer in (True, False)}
    assert len({one.text for one in samples()}) >= 450


def test_offers_are_found_and_order_updates_pass() -> None:
    measured = measure(samples())

    assert measured.recall >= 0.99, measured.missed
    assert measured.precision >= 0.99, measured.blamed


def test_what_was_never_fitted_to_tells_what_to_expect() -> None:
    """An order update passes; an advertisement that is worded freely is found half the time."""
    measured = measure(unseen())

    assert len(measured.blamed) <= 1, measured.blamed
    assert measured.recall >= 0.45, measured.missed


def test_most_of_what_is_missed_is_at_least_looked_at() -> None:
    missed = measure(unseen()).missed
    assert sum(bool(findings_of(text, Purpose.TRANSACTIONAL)) for text in missed) >= 8

    service = [one.text for one in (*samples(), *unseen()) if not one.offer]
    looked_at = [text for text in service if findings_of(text, Purpose.TRANSACTIONAL)]
    assert len(looked_at) <= 0.05 * len(service), looked_at


def test_marketing_may_offer() -> None:
    offers = [one.text for one in samples() if one.offer]
    service = {"offer", "price", "discount", "product_link", "link_unclear"}
    assert not [text for text in offers if service & set(errors(text))]
