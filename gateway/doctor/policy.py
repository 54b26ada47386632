"""What the law and the contracts say of this box: whose messages, how many SIMs, what is unsaid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gateway.consent.country import Policies
from gateway.consent.tenancy import require_tenancy, slot_notes
from gateway.doctor.finding import Finding, warning, well, wrong
from gateway.domain.errors import ConfigurationError


@dataclass(frozen=True, kw_only=True, slots=True)
class PolicyFacts:
    """What the configuration says."""

    countries: tuple[str, ...]
    """Of the SIMs in the box, one for each; ISO 3166 alpha-2."""
    for_others: bool
    unknown_tariffs: tuple[str, ...]
    """Modems of whose contract it is not said whether it permits marketing."""
    without_texts: tuple[str, ...]
    """Stores that write to customers by themselves and do not say what these consented to."""


def judge(facts: PolicyFacts, policies: Policies) -> Iterator[Finding]:
    """Tell what is wrong with it."""
    try:
        require_tenancy(policies, facts.countries, for_others=facts.for_others)
    except ConfigurationError as error:
        yield wrong("policy.tenancy", str(error), "change the line `tenancy` of [gateway]")
    else:
        whose = "other businesses" if facts.for_others else "its own business"
        yield well("policy.tenancy", f"the gateway sends for {whose}")
    for note in slot_notes(policies, facts.countries):
        yield warning(
            "policy.sim_slots", note, "docs/compliance.md, SIM-4, says what to write down"
        )
    yield from _judge_tariffs(facts.unknown_tariffs)
    if facts.without_texts:
        yield warning(
            "policy.consent_texts",
            f"{_named(facts.without_texts)}: the words that customers consented to are nowhere, "
            "and nobody could prove a consent by them",
            "put them into a folder and name it as `consent_texts` of the [[store]]",
        )


def _judge_tariffs(modems: Sequence[str]) -> Iterator[Finding]:
    if modems:
        yield warning(
            "policy.tariff",
            f"{_named(modems)}: it is not said whether the SIM's contract permits marketing, which "
            "is taken for a no",
            'read the contract, then write tariff_permits_bulk = "yes" or "no" in its [[modem]]',
        )


def _named(names: Sequence[str]) -> str:
    return ", ".join(names)
