"""Budgets of lines, and what lines share, as an operator writes them."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.configuration import CONTRACT, Write, faults_of, only_fault

from gateway.app.parts import line_plans, shared_limits
from gateway.dispatch.pacing import SharedLimit
from gateway.domain.reserve import Reserve
from gateway.settings import advise, compare, load

CARRIER = """
[[carrier]]
name = "main"
url = "https://api.example.com/2010-04-01"
account = "AC1"
token = "s3cret"
sender = "+33937000000"
"""
LIMIT = '\n[[limit]]\nname = "slow"\nrate = "30/min"\n'


def with_modem(lines: str) -> str:
    return CONTRACT.replace("daily_limit = 200", f"daily_limit = 200\n{lines}")


def test_a_line_has_a_reserve_and_jitter_unless_told_otherwise(write: Write) -> None:
    plan = line_plans(load(write(CONTRACT)))["m0"]
    assert (plan.daily_limit, plan.otp_reserve, plan.jitter) == (200, Reserve(percent=10), True)
    assert (plan.minute_limit, plan.hourly_limit, plan.monthly_limit) == (None, None, None)


def test_modems_and_carriers_have_the_same_budgets(write: Write) -> None:
    budgets = "minute_limit = 12\nhourly_limit = 60\nmonthly_limit = 3000\notp_reserve = 5\n"
    text = with_modem(budgets + "jitter = false\n") + CARRIER + budgets + "daily_limit = 200\n"
    plans = line_plans(load(write(text)))
    for plan in (plans["m0"], plans["carrier:main"]):
        assert (plan.minute_limit, plan.hourly_limit) == (12, 60)
        assert (plan.daily_limit, plan.monthly_limit) == (200, 3000)
        assert (plan.otp_reserve, plan.jitter) == (Reserve(parts=5), False)


@pytest.mark.parametrize("keys", ["operator", "country", "store"])
def test_a_limit_is_of_what_it_names(write: Write, keys: str) -> None:
    values = {"operator": "Vodafone", "country": "GB", "store": "acme"}
    [limit] = shared_limits(load(write(f'{CONTRACT}{LIMIT}{keys} = "{values[keys]}"\n')))
    wanted = {"operator": "Vodafone", "country": "+44", "store": "acme"}
    fields = {"prefix" if keys == "country" else keys: wanted[keys]}
    assert limit == SharedLimit(name="slow", per_second=0.5, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "section", "key", "remedy"),
    [
        (with_modem("minute_limit = 0"), "[[modem]] m0", "minute_limit", "minute_limit = 200"),
        (with_modem("hourly_limit = 1.5"), "[[modem]] m0", "hourly_limit", "such as 200"),
        (with_modem('otp_reserve = "all"'), "[[modem]] m0", "otp_reserve", 'such as "10%"'),
        (with_modem('otp_reserve = "100%"'), "[[modem]] m0", "otp_reserve", 'such as "10%"'),
        (with_modem("otp_reserve = -1"), "[[modem]] m0", "otp_reserve", "such as 20"),
        (with_modem("otp_reserve = 200"), "[[modem]] m0", "", "nothing of daily_limit = 200"),
        (
            with_modem("minute_limit = 10\notp_reserve = 20"),
            "[[modem]] m0",
            "",
            'minute_limit = 10 for other messages; write fewer, or a share such as "10%"',
        ),
        (with_modem("jitter = 7"), "[[modem]] m0", "jitter", "jitter = true"),
        (f"{CONTRACT}{CARRIER}daily_limit = 0\n", "[[carrier]] main", "daily_limit", "= 200"),
        (f"{CONTRACT}{LIMIT}", "[[limit]] slow", "", 'country = "GB" or store = "acme"'),
        (f'{CONTRACT}{LIMIT}country = "UK"\n', "[[limit]] slow", "country", '"GB"'),
        (f'{CONTRACT}{LIMIT}operator = " "\n', "[[limit]] slow", "operator", "such as Vodafone"),
        (
            f'{CONTRACT}{LIMIT}store = "acmee"\n',
            "[[limit]] slow",
            "store",
            "no [[store]] of that name; the nearest known one is acme",
        ),
        (
            f'{CONTRACT}{LIMIT.replace("30/min", "fast")}store = "acme"\n',
            "[[limit]] slow",
            "rate",
            'such as "20/min"',
        ),
        (
            f'{CONTRACT}\n[[limit]]\nname = "slow"\nstore = "acme"\n',
            "[[limit]] slow",
            "rate",
            'is missing; write rate = "20/min"',
        ),
        (f'{CONTRACT}{LIMIT}stor = "acme"\nstore = "acme"\n', "[[limit]] slow", "stor", "store"),
        (
            f'{CONTRACT}{LIMIT}operator = "EE"\n{LIMIT.replace("slow", "two")}operator = "ee"\n',
            "[[limit]] two",
            "",
            "limits the same as [[limit]] slow; keep one of the two",
        ),
        (
            f'{CONTRACT}{LIMIT}store = "acme"\n{LIMIT}country = "GB"\n',
            "[[limit]]",
            "name",
            "is given 2 times; give every limit its own",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_place_and_its_remedy(
    write: Write, text: str, section: str, key: str, remedy: str
) -> None:
    fault = only_fault(write(text))
    assert (fault.section, fault.key) == (section, key)
    assert remedy in fault.reason


def test_a_limit_without_any_store_says_so(write: Write) -> None:
    text = CONTRACT[: CONTRACT.index("[[store]]")] + f'{LIMIT}store = "acme"\n'
    [fault] = faults_of(write(text))
    assert fault.reason == "there is no [[store]] of that name; add it"


def test_the_environment_changes_a_limit_and_a_reserve(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOPBELL_LIMIT__SLOW__RATE", "unlimited")
    monkeypatch.setenv("SHOPBELL_MODEM__M0__OTP_RESERVE", "20")
    settings = load(write(f'{CONTRACT}{LIMIT}store = "acme"\n'))
    assert shared_limits(settings)[0].per_second is None
    assert settings.modem[0].otp_reserve == Reserve(parts=20)


def test_countries_that_share_a_code_are_told_to_count_together(write: Write) -> None:
    settings = load(write(f'{CONTRACT}{LIMIT}country = "US"\n'))
    said = [one for one in advise(settings) if one.startswith("[[limit]] slow")]
    assert said == [
        "[[limit]] slow: numbers with +1 are those of AG, AI, AS, … too; they count together"
    ]


@pytest.mark.parametrize(
    ("after", "name"),
    [
        (with_modem("minute_limit = 5"), "[[modem]] m0 minute_limit"),
        (with_modem("hourly_limit = 5"), "[[modem]] m0 hourly_limit"),
        (with_modem("monthly_limit = 500"), "[[modem]] m0 monthly_limit"),
        (with_modem("otp_reserve = 0"), "[[modem]] m0 otp_reserve"),
        (with_modem("jitter = false"), "[[modem]] m0 jitter"),
        (f'{CONTRACT}{LIMIT}store = "acme"\n', "[[limit]] slow (added)"),
    ],
)
def test_all_of_it_is_taken_up_while_running(write: Write, after: str, name: str) -> None:
    old: Path = write(CONTRACT)
    before = load(old)
    changes = compare(before, load(write(after)))
    assert (changes.taken, changes.refused) == ((name,), ())
