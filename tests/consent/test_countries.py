"""The countries' files: each rule has a source and a date, and what is not known is strict."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import phonenumbers
import pytest

from gateway.consent.country import (
    STRICT,
    TEST_NETWORK,
    Demand,
    Period,
    SimRule,
    Span,
    Week,
    home_country,
    load_geography,
    load_policies,
)
from gateway.consent.country.policies import read_policy
from gateway.consent.country.policy import FIELDS
from gateway.consent.country.table import page
from gateway.domain.caps import Cap
from gateway.domain.errors import ConfigurationError

POLICIES = load_policies()
STRICTLY = POLICIES.of(None)

RULE = 'country = "ZZ"\n[stale_after]\nvalue = "P1Y"\n'
SOURCED = 'value = "P1Y"\nsource = "a law"\nchecked = 2026-11-23\n'


@pytest.mark.rule("SIM-2", "P-1")
def test_every_rule_has_a_source_and_a_date() -> None:
    for policy in [*POLICIES, STRICTLY]:
        for source in policy.sources.values():
            assert source.source
            assert date(2026, 1, 1) < source.checked <= date.today()  # noqa: DTZ011
    assert set(STRICTLY.sources) == FIELDS


@pytest.mark.rule("P-1")
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "country: the file's name says 'ZZ'"),
        ('country = "GB"', "country: the file's name says 'ZZ'"),
        (
            'country = "ZZ"\n[stale_after]\nvalue = "P1Y"\nchecked = 2026-11-23',
            "stale_after.source",
        ),
        ('country = "ZZ"\n[stale_after]\nvalue = "P1Y"\nsource = "a law"', "stale_after.checked"),
        (f'{RULE}source = ""\nchecked = 2026-11-23', "stale_after.source"),
        ('country = "ZZ"\nstale_after = "P1Y"', "stale_after: needs value, source and checked"),
        (f'country = "ZZ"\n[stale]\n{SOURCED}', "stale: is no rule; there are"),
        (f'country = "ZZ"\n[marketing_window]\n{SOURCED}', "marketing_window: Value error"),
        (f'country = "ZZ"\n[states.AA.stale_after]\n{SOURCED}', "states.AA.stale_after: is no"),
        (
            'country = "ZZ"\n[states.AA.message_caps]\nvalue = ["3/24h"]\nsource = "a law"',
            "states.AA.message_caps.checked",
        ),
        ('country = "ZZ"\nsource = "a law"\nchecked = 2026-11-23', 'may only be "unknown"'),
        ('country = "ZZ"\nsource = "unknown"', "source.checked"),
        (
            f'country = "ZZ"\nsource = "unknown"\nchecked = 2026-11-23\n[stale_after]\n{SOURCED}',
            "state no rule",
        ),
        ("country =", "is no TOML"),
    ],
)
def test_a_file_without_them_is_refused(text: str, words: str) -> None:
    with pytest.raises(ConfigurationError, match="policy ZZ") as caught:
        read_policy(text, "ZZ", STRICTLY)
    assert words in str(caught.value)


def test_a_rule_may_be_strict_with_its_reason() -> None:
    text = SOURCED.replace("P1Y", STRICT)
    policy = read_policy(f'country = "ZZ"\n[stale_after]\n{text}', "ZZ", STRICTLY)
    assert policy.stale_after == STRICTLY.stale_after
    assert policy.sources["stale_after"].source == "a law"


@pytest.mark.rule("P-1")
def test_the_default_is_the_spec_s() -> None:
    unknown = POLICIES.of("KE")
    day = (Span.parse("09:00-20:00"),)
    assert unknown.country == "KE"
    assert unknown.marketing_window == Week(days=(day,) * 6 + ((),), holidays=())
    assert unknown.double_opt_in is Demand.REQUIRED
    assert not unknown.soft_opt_in.allowed
    assert unknown.sender_identity is unknown.opt_out_mention is Demand.REQUIRED
    assert unknown.sim_marketing is SimRule.NEEDS_CONFIRMATION


@pytest.mark.rule("IT-1", "P-1")
@pytest.mark.parametrize("country", ["IE", "IT", "ES", "NL", "PL"])
def test_what_is_not_researched_is_strict(country: str) -> None:
    policy = POLICIES.of(country)
    assert {source.source for source in policy.sources.values()} == {"unknown"}
    assert policy.model_copy(update={"country": STRICT, "sources": STRICTLY.sources}) == STRICTLY


@pytest.mark.rule("FR-1", "DE-1", "DE-2", "CA-1", "AU-1", "UK-1", "US-10")
def test_the_countries_differ_as_the_spec_says() -> None:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    assert POLICIES.of("DE").double_opt_in is Demand.REQUIRED
    assert POLICIES.of("FR").soft_opt_in.allowed
    assert POLICIES.of("GB").soft_opt_in.allowed
    assert POLICIES.of("DE").evidence_retention.after(at) == at.replace(year=2031)
    assert POLICIES.of("CA").implied_consent.after(at) == at.replace(year=2028)
    assert POLICIES.of("AU").opt_out_link_life.after(at) == at + timedelta(days=30)
    assert POLICIES.of("FR").suppression_min.after(at) == at.replace(year=2029)
    assert POLICIES.of("US").stale_after.before(at) == at.replace(year=2025)
    assert POLICIES.of("US").states["FL"].message_caps == (Cap.parse("3/24h"),)


def test_the_test_network_permits_everything() -> None:
    policy = POLICIES.of(TEST_NETWORK)
    assert {
        policy.sim_marketing,
        policy.sim_marketing_abroad,
        policy.sim_transactional,
        policy.sim_transactional_abroad,
    } == {SimRule.ALLOW}
    assert policy.sim_tariff == policy.sim_slots == "any"
    assert policy.service_for_others == "allow"


@pytest.mark.parametrize(
    ("code", "country"),
    [("001", "001"), ("208", "FR"), ("234", "GB"), ("311", "US"), ("901", None), (None, None)],
)
def test_a_sim_is_of_its_network_s_country(code: str | None, country: str | None) -> None:
    assert home_country(code) == country


def test_the_countries_of_networks_have_numbers() -> None:
    found = {home_country(f"{code:03}") for code in range(1000)} - {None, TEST_NETWORK}
    assert found <= set(phonenumbers.SUPPORTED_REGIONS)
    assert len(found) > 200


def test_there_are_fifty_states_and_the_district() -> None:
    geography = load_geography()
    assert len(geography.zones) == 51
    assert set(POLICIES.of("US").states) < set(geography.zones)
    assert set().union(*geography.by_zip3.values()) == set(geography.zones)
    assert set().union(*geography.by_area_code.values()) == set(geography.zones)
    assert all(len(states) == 1 for states in geography.by_area_code.values())


@pytest.mark.rule("US-2")
@pytest.mark.parametrize(
    ("code", "states"),
    [
        ("10001", {"NY"}),
        ("06390", {"NY", "CT"}),
        ("20101", {"VA", "DC"}),
        ("33101-1234", {"FL"}),
        ("73301", {"TX"}),
        ("99950", {"AK"}),
        ("00601", set()),
        ("x", set()),
    ],
)
def test_a_zip_code_tells_its_state(code: str, states: set[str]) -> None:
    assert load_geography().states_of_postal_code(code) == states


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("P3Y", Period(months=36)),
        ("P1Y6M", Period(months=18)),
        ("P30D", Period(exact=timedelta(days=30))),
        ("PT1M", Period(exact=timedelta(minutes=1))),
        ("P1DT12H", Period(exact=timedelta(hours=36))),
    ],
)
def test_periods(text: str, period: Period) -> None:
    assert Period.parse(text) == period


@pytest.mark.parametrize("text", ["", "P", "PT", "3Y", "P1DT", "P-1Y", "PY"])
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(ValueError, match="is no period"):
        Period.parse(text)


def test_months_end_where_they_end() -> None:
    leap = datetime(2028, 2, 29, 12, tzinfo=UTC)
    assert Period(months=12).before(leap) == datetime(2027, 2, 28, 12, tzinfo=UTC)
    assert Period(months=1).after(datetime(2027, 1, 31, tzinfo=UTC)) == datetime(
        2027, 2, 28, tzinfo=UTC
    )
    assert Period(months=12).after(datetime(2027, 12, 1, tzinfo=UTC)) == datetime(
        2028, 12, 1, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ({"mon-sat": "08:00-20:00", "holidays": "none"}, "says nothing about sun"),
        ({"mon-sun": "08:00-20:00"}, "says nothing about holidays"),
        ({"mon-sun": "08:00-20:00", "sun": "none", "holidays": "none"}, "states sun twice"),
        ({"sun-mon": "none", "holidays": "none"}, "goes backward"),
        ({"monday": "none"}, "is no day"),
        ({"mon-sun": "20:00-08:00", "holidays": "none"}, "does not go forward"),
        ({"mon-sun": "08:00-24:01", "holidays": "none"}, "does not go forward"),
        ({"mon-sun": "08:60-20:00", "holidays": "none"}, "does not go forward"),
        ({"mon-sun": "8-20", "holidays": "none"}, "is no span of a day"),
        ({"mon-sun": "12:00-20:00, 08:00-13:00", "holidays": "none"}, "is not in order"),
        ("08:00-20:00", "is no table"),
    ],
)
def test_what_is_no_week(hours: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Week.parse(hours)


def test_the_page_for_operators_shows_what_holds() -> None:
    file = Path(__file__).parents[2] / "docs" / "countries.md"
    assert file.read_text(encoding="utf-8") == page(POLICIES), (
        "run: python -m gateway.consent.country.table > docs/countries.md"
    )
