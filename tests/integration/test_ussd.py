"""USSD through the whole house: over the running gateway, beside its messages, and without one."""

from __future__ import annotations

import json

import pytest
from support.house import House
from support.plugin import Build

SIMULATOR = (
    *("--ussd", "*100#=Your balance is 12.50 GBP", "--ussd-form", "packed"),
    *("--ussd", "*1#=1 Balance 2 Data", "--ussd", "*1#>1=12.50", "--report-delay", "0.05"),
)


def run(house: House, *words: str) -> tuple[int, str, str]:
    command = house.run("modem", "ussd", *words)
    code = command.wait_end(60)
    said = command.stdout.read_text(), command.stderr.read_text()
    command.stdout.write_text("")
    command.stderr.write_text("")
    return code, *said


def test_a_running_gateway_asks_beside_its_messages(house: Build) -> None:
    built = house(simulator=SIMULATOR)
    gateway = built.start()
    built.await_modems()
    for number in range(20):
        built.store.submit(f"job-{number}", to=f"+4477009{number:05d}")
    assert run(built, "m0", "*100#") == (0, "Your balance is 12.50 GBP\n", "")
    code, out, _ = run(built, "m0", "*1#", "--reply", "1", "--json")
    assert (code, json.loads(out)) == (0, {"modem": "m0", "text": "12.50", "menu": False})
    built.store.await_all("delivered", 20, seconds=60)
    assert set(built.submits().values()) == {1}
    assert "balance is" not in gateway.stderr.read_text(), "texts belong into no log"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("m9", "*100#"), "this gateway has no modem 'm9'; it has m0"),
        (("m0", "*999#"), "the network does not know this request"),
        (("m0", '*1#",15;+CMGD=1,4'), "is no USSD request"),
    ],
)
def test_what_cannot_be_is_named(house: Build, words: tuple[str, ...], reason: str) -> None:
    built = house(simulator=SIMULATOR)
    built.start()
    built.await_modems()
    code, out, err = run(built, *words)
    assert (code, out) == (1, "")
    assert reason in err
    assert "Traceback" not in err


def test_without_a_gateway_the_modem_is_opened_for_it(house: Build) -> None:
    built = house(simulator=SIMULATOR)
    built.bank.ask(do="inbound", **{"from": "+447700900456", "text": "STOP"})
    code, out, err = run(built, "m0", "*100#")
    assert (code, out) == (0, "Your balance is 12.50 GBP\n")
    assert "no gateway runs; m0 is opened for this" in err
    assert built.log("accepted") == []

    built.bank.ask(do="unplug", modem="modem0")
    code, out, err = run(built, "m0", "*100#")
    assert (code, out) == (1, "")
    assert "m0 is not in service: missing" in err
