"""What may go over a SIM: by its country, by where it goes to, and by its contract."""

from __future__ import annotations

import pytest

from gateway.consent.country import TEST_NETWORK, load_policies
from gateway.consent.sims import Sim, Tariff, calling_prefix, reach_of, refusal
from gateway.domain.purpose import Purpose

POLICIES = load_policies()
NUMBERS = {
    "FR": "+33639980123",
    "GB": "+447700900123",
    "DE": "+4915100000000",
    "US": "+12125550123",
    "CA": "+14165550123",
}
MARKETING, TRANSACTIONAL, OTP = Purpose.MARKETING, Purpose.TRANSACTIONAL, Purpose.OTP


def why(country: str, to: str, purpose: Purpose, **facts: object) -> str | None:
    sim = Sim(country=country, **({"tariff": Tariff.YES} | facts))  # type: ignore[arg-type]
    return refusal(POLICIES, sim, NUMBERS[to], purpose)


ALLOW, CONFIRM, DENY = None, "permission on record", "may not go out"


@pytest.mark.rule("SIM-2")
@pytest.mark.parametrize(
    ("country", "to", "purpose", "words"),
    [
        ("FR", "FR", MARKETING, DENY),
        ("FR", "GB", MARKETING, DENY),
        ("FR", "FR", TRANSACTIONAL, CONFIRM),
        ("FR", "FR", OTP, CONFIRM),
        ("FR", "GB", TRANSACTIONAL, CONFIRM),
        ("US", "US", MARKETING, DENY),
        ("US", "CA", MARKETING, DENY),
        ("US", "GB", MARKETING, DENY),
        ("US", "US", TRANSACTIONAL, ALLOW),
        ("US", "GB", OTP, ALLOW),
        ("GB", "GB", MARKETING, ALLOW),
        ("GB", "GB", TRANSACTIONAL, ALLOW),
        ("GB", "FR", MARKETING, CONFIRM),
        ("GB", "US", MARKETING, CONFIRM),
        ("GB", "US", TRANSACTIONAL, ALLOW),
        ("DE", "DE", MARKETING, CONFIRM),
        ("DE", "DE", TRANSACTIONAL, ALLOW),
        ("CA", "CA", MARKETING, CONFIRM),
        ("KE", "GB", MARKETING, CONFIRM),
        ("KE", "GB", OTP, ALLOW),
        *((TEST_NETWORK, to, purpose, ALLOW) for to in NUMBERS for purpose in Purpose),
    ],
)
def test_country_by_country(country: str, to: str, purpose: Purpose, words: str | None) -> None:
    told = why(country, to, purpose)
    assert told is None if words is None else told is not None and words in told
    permitted = why(country, to, purpose, permitted=True)
    # What is denied is denied to everybody; what needs a permission has it.
    assert permitted is None if words is not DENY else permitted is not None and DENY in permitted


@pytest.mark.rule("SIM-2")
def test_a_shared_calling_code_is_no_way_around_the_neighbour_s_law() -> None:
    told = why("CA", "US", MARKETING, permitted=True)
    assert told is not None
    assert "a SIM of US" in told


@pytest.mark.rule("SIM-1")
@pytest.mark.parametrize(
    ("tariff", "permitted", "words"),
    [
        (Tariff.YES, False, None),
        (Tariff.UNKNOWN, True, None),
        (Tariff.UNKNOWN, False, "set tariff_permits_bulk, or see shopbell modem permit"),
        (Tariff.NO, False, "does not permit marketing"),
        (Tariff.NO, True, "does not permit marketing"),
    ],
)
def test_the_tariff_has_to_permit_marketing(
    tariff: Tariff, permitted: bool, words: str | None
) -> None:
    told = why("GB", "GB", MARKETING, tariff=tariff, permitted=permitted)
    assert told is None if words is None else told is not None and words in told
    assert why("GB", "GB", TRANSACTIONAL, tariff=tariff, permitted=permitted) is None
    assert why(TEST_NETWORK, "GB", MARKETING, tariff=Tariff.UNKNOWN) is None


@pytest.mark.rule("US-6")
def test_marketing_needs_a_line_that_hears_the_answers() -> None:
    told = why("GB", "GB", MARKETING, receives=False)
    assert told is not None
    assert "receives the answers" in told
    assert why("GB", "GB", TRANSACTIONAL, receives=False) is None


def test_a_sim_reaches_by_calling_code() -> None:
    reach = reach_of(POLICIES, Sim(country="GB", tariff=Tariff.YES), MARKETING)
    assert reach.home is None
    assert reach.abroad is not None
    assert calling_prefix("GB") == "+44"
    assert calling_prefix(TEST_NETWORK) is None
