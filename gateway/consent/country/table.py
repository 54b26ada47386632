"""The countries' rules as a page for people: ``python -m gateway.consent.country.table``."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from gateway.consent.country.period import Period
from gateway.consent.country.policies import STRICT, TEST_NETWORK, Policies, load_policies
from gateway.consent.country.policy import CountryPolicy, StateRules
from gateway.consent.country.week import DAYS, Span, Week

_HEAD = """# What countries ask

Made from `gateway/policy/countries` by `python -m gateway.consent.country.table`. The files say
where each rule is from, when it was looked up, and what is doubtful. None of it is legal advice. A
country that is not here has the last row.

| country | SIM: marketing | SIM: abroad | SIM: service | hours of marketing | double opt-in | \
customers without consent | asked again after |
| --- | --- | --- | --- | --- | --- | --- | --- |
"""

_STATES = """
## States of the USA

Every other state has the hours of the country. A person is taken to be in the state of the postal
code and in that of the area code; of two, both hold.

| state | hours of marketing | caps |
| --- | --- | --- |
"""


def page(policies: Policies) -> str:
    """Return the page, in Markdown."""
    rows = [_row(policy) for policy in policies]
    states = [
        _state(state, rules)
        for policy in policies
        for state, rules in sorted(policy.states.items())
    ]
    return "".join([_HEAD, *rows, _row(policies.of(None)), _STATES, *states])


def _row(policy: CountryPolicy) -> str:
    names = {STRICT: "any other", TEST_NETWORK: "001 (test network)"}
    return _line(
        names.get(policy.country, policy.country),
        policy.sim_marketing,
        policy.sim_marketing_abroad,
        policy.sim_transactional,
        _hours(policy.marketing_window),
        policy.double_opt_in,
        "yes" if policy.soft_opt_in.allowed else "no",
        _length(policy.stale_after),
    )


def _state(state: str, rules: StateRules) -> str:
    hours = "" if rules.marketing_window is None else _hours(rules.marketing_window)
    return _line(state, hours, ", ".join(map(str, rules.message_caps)))


def _line(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('_', ' ') for cell in cells)} |\n"


def _hours(week: Week) -> str:
    told = "; ".join(f"{days} {_spans(spans)}" for days, spans in _runs(week))
    if week.holidays is None:
        return told
    return f"{told}; holidays {_spans(week.holidays)}"


def _runs(week: Week) -> Iterator[tuple[str, tuple[Span, ...]]]:
    """Give days in a row that are alike."""
    first = 0
    for day in range(1, len(DAYS) + 1):
        if day == len(DAYS) or week.days[day] != week.days[first]:
            names = [DAYS[first], *([DAYS[day - 1]] if day - 1 > first else [])]
            yield "-".join(name.capitalize() for name in names), week.days[first]
            first = day


def _spans(spans: tuple[Span, ...]) -> str:
    if not spans:
        return "none"
    return ", ".join(f"{_clock(span.start)}-{_clock(span.end)}" for span in spans)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _length(period: Period) -> str:
    return f"{period.months} months" if period.months else str(period.exact)


if __name__ == "__main__":
    sys.stdout.write(page(load_policies()))
