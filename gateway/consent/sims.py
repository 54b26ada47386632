"""May this SIM send that? A SIM's own country decides, and its contract (COMPLIANCE.md 1). Pure.

A rule that denies is law and yields to nobody's permission; one that needs a confirmation, and a
tariff that is not known to permit bulk, yield to the operator's recorded one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import phonenumbers

from gateway.consent.country import CountryPolicy, Policies, SimRule
from gateway.domain.place import place_of
from gateway.domain.purpose import Purpose

PERMIT: Final = "shopbell modem permit NAME --i-have-permission"
"""The command by which an operator's permission is recorded."""


class Tariff(StrEnum):
    """Whether a SIM's contract permits what is sent in bulk."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sim:
    """What is known of a line, for what may go over it."""

    country: str
    """Of its home network: ISO 3166 alpha-2, or the test network."""
    tariff: Tariff = Tariff.UNKNOWN
    permitted: bool = False
    """The operator's permission is on record."""
    receives: bool = True
    """Whether answers to it reach us (US-6)."""
    for_others: bool = False
    """Whether the gateway serves businesses other than its operator's (SIM-3)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """To whom a SIM may send for a purpose; each None, or the reason why not."""

    home: str | None
    """To numbers with its country's own calling code."""
    abroad: str | None


def refusal(policies: Policies, sim: Sim, recipient: str, purpose: Purpose) -> str | None:
    """Return why a SIM may not send to a number, or None when it may (SIM-2).

    Args:
        policies: of all countries.
        sim: the line.
        recipient: E.164.
        purpose: of the message.
    """
    reach = reach_of(policies, sim, purpose)
    prefix = calling_prefix(sim.country)
    if prefix is None or not recipient.startswith(prefix):
        return reach.abroad
    if reach.home is not None:
        return reach.home
    # Countries that share a calling code: what the recipient's asks of its own holds as well.
    country = place_of(recipient).country
    if country is None or country == sim.country:
        return None
    return _by_law(policies.of(country), sim, purpose, abroad=False)


def reach_of(policies: Policies, sim: Sim, purpose: Purpose) -> Reach:
    """Return to whom a SIM may send for a purpose."""
    policy = policies.of(sim.country)
    contract = _by_contract(policy, sim) if purpose is Purpose.MARKETING else None
    return Reach(
        home=_by_law(policy, sim, purpose, abroad=False) or contract,
        abroad=_by_law(policy, sim, purpose, abroad=True) or contract,
    )


def calling_prefix(country: str) -> str | None:
    """Return a country's calling code such as ``+44``; None when it has none."""
    code = phonenumbers.country_code_for_region(country)
    return f"+{code}" if code else None


def _by_law(policy: CountryPolicy, sim: Sim, purpose: Purpose, *, abroad: bool) -> str | None:
    rule = _rule(policy, purpose, abroad=abroad)
    what = "marketing" if purpose is Purpose.MARKETING else "automated messages"
    where = f"a SIM of {policy.country}"
    if sim.for_others and policy.service_for_others == "deny":
        return f"{where} may not serve other businesses (tenancy); use a carrier"
    if rule is SimRule.DENY:
        return f"{what} may not go out over {where}; use a carrier"
    if rule is SimRule.NEEDS_CONFIRMATION and not sim.permitted:
        to = " to other countries" if abroad else ""
        return f"{what}{to} over {where} needs a permission on record; see {PERMIT}"
    return None


def _rule(policy: CountryPolicy, purpose: Purpose, *, abroad: bool) -> SimRule:
    if purpose is Purpose.MARKETING:
        return policy.sim_marketing_abroad if abroad else policy.sim_marketing
    return policy.sim_transactional_abroad if abroad else policy.sim_transactional


def _by_contract(policy: CountryPolicy, sim: Sim) -> str | None:
    """Return what of the SIM itself stands against marketing (SIM-1, US-6)."""
    if not sim.receives:
        return "marketing needs a line that receives the answers; this one does not"
    if policy.sim_tariff == "any" or sim.tariff is Tariff.YES:
        return None
    if sim.tariff is Tariff.NO:
        return "this SIM's tariff does not permit marketing (tariff_permits_bulk)"
    if sim.permitted:
        return None
    return (
        "whether this SIM's tariff permits marketing is not known; "
        f"set tariff_permits_bulk, or see {PERMIT}"
    )
