"""A bank of modems of which a third hangs: the others go on, and nothing is doubled or lost."""

from __future__ import annotations

import itertools

import pytest
from support.house import House
from support.plugin import Build
from support.processes import wait_for

MODEMS, JOBS = 9, 120
HUNG = ("modem2", "modem5", "modem8")


@pytest.mark.timeout(180)
def test_a_third_of_the_lines_hangs_until_their_power_goes(house: Build) -> None:
    built = house(
        modems=MODEMS,
        simulator=("--report-delay", "0.3", "--latency", "0.05"),
        settings="submit_timeout = 5\n",
    )
    built.start()
    for modem in HUNG:
        built.bank.ask(do="fault", modem=modem, name="hang_until_power", value="accept", count=1)
    jobs = range(JOBS)
    for number in jobs:
        _publish(built, number)
    ends = {"delivered", "sent", "unconfirmed"}
    wait_for(
        lambda: all(ends & set(built.store.states(f"job-{n}")) for n in jobs),
        60,
        "the others have sent everything that no hanging one had begun",
    )
    doubtful = [n for n in jobs if "unconfirmed" in built.store.states(f"job-{n}")]
    assert len(doubtful) <= len(HUNG), "one message at most is in doubt at each"
    assert max(built.submits().values()) == 1

    for modem in HUNG:
        built.bank.ask(do="unplug", modem=modem)
        built.bank.ask(do="return", modem=modem)
    numbers = itertools.count(JOBS)

    def back() -> bool:
        _publish(built, next(numbers))
        return {entry["modem"] for entry in built.log() if _number(entry["text"]) >= JOBS} >= {
            *HUNG
        }

    wait_for(back, 60, "those that hung send again")
    more = range(JOBS, next(numbers))
    wait_for(
        lambda: all("delivered" in built.store.states(f"job-{n}") for n in more),
        60,
        "everything since is delivered",
    )
    assert max(built.submits().values()) == 1
    never = [n for n in jobs if f"Your order job-{n} has shipped." not in built.submits()]
    assert set(never) <= set(doubtful), "what never went is said to be in doubt, and only that"


def _publish(built: House, number: int) -> None:
    """Publish a job to a person of its own: one whom a line knows would wait for that line."""
    built.store.submit(f"job-{number}", to=f"+4477009{number:05d}")


def _number(text: str) -> int:
    return int(text.split("job-")[1].split()[0])
