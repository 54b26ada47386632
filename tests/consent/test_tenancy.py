"""Whose messages, and how many SIMs."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from gateway.consent.country import load_policies
from gateway.consent.tenancy import require_tenancy, slot_notes
from gateway.domain.errors import ConfigurationError

POLICIES = load_policies()


@pytest.mark.rule("SIM-3")
@pytest.mark.parametrize(
    ("countries", "for_others", "refused"),
    [
        (["GB"], True, True),
        (["IE", "GB"], True, True),
        (["IE", "DE"], True, False),
        (["GB"], False, False),
    ],
)
def test_a_gateway_with_british_sims_serves_its_own_business(
    countries: list[str], for_others: bool, refused: bool
) -> None:
    expected = pytest.raises(ConfigurationError) if refused else nullcontext()
    with expected:
        require_tenancy(POLICIES, countries, for_others=for_others)


@pytest.mark.rule("SIM-4")
@pytest.mark.parametrize(
    ("countries", "notes"),
    [(["GB"] * 4, 0), (["GB"] * 5, 1), (["GB"] * 4 + ["DE"] * 9, 0), (["001"] * 64, 0)],
)
def test_five_british_sims_in_a_box_are_worth_a_word(countries: list[str], notes: int) -> None:
    assert len(slot_notes(POLICIES, countries)) == notes
