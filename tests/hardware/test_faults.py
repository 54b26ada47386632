"""Faults: how they are written, and when they strike."""

from __future__ import annotations

import pytest

from hardware.simulator.errors import FaultError
from hardware.simulator.faults import Fault, FaultName, Faults, make_fault, parse_fault


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("lose_answer", Fault(name=FaultName.LOSE_ANSWER)),
        ("reject=38*3", Fault(name=FaultName.REJECT, value="38", count=3)),
        ("noise%0.25", Fault(name=FaultName.NOISE, probability=0.25)),
        (
            "late_answer=1.5*2%0.5",
            Fault(name=FaultName.LATE_ANSWER, value="1.5", count=2, probability=0.5),
        ),
        ("error=+CNMI=500", Fault(name=FaultName.ERROR, value="+CNMI=500")),
    ],
)
def test_a_fault_is_read(text: str, fault: Fault) -> None:
    assert parse_fault(text) == fault


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no_such",
        "reject=",
        "reject=abc",
        "reject*0",
        "noise%0",
        "noise%2",
        "error",
        "error=x y",
    ],
)
def test_an_impossible_fault_is_refused(text: str) -> None:
    with pytest.raises(FaultError):
        parse_fault(text)


def test_an_unknown_fault_is_told_which_there_are() -> None:
    with pytest.raises(FaultError, match="lose_answer"):
        make_fault("loose_answer")


def test_a_count_is_used_up() -> None:
    faults = Faults("seed")
    faults.arm(parse_fault("reject=38*2"))
    assert [fault and fault.value for fault in strikes(faults, "reject", 3)] == ["38", "38", None]
    assert faults.listing() == []


def test_without_a_count_it_stays() -> None:
    faults = Faults("seed")
    faults.arm(parse_fault("reject"))
    assert all(strikes(faults, "reject", 5))


def test_several_of_one_name_strike_in_turn() -> None:
    faults = Faults("seed")
    for text in ("reject=38*1", "reject=42*1"):
        faults.arm(parse_fault(text))
    assert [fault and fault.code(0) for fault in strikes(faults, "reject", 2)] == [38, 42]


def test_chance_repeats_with_its_seed() -> None:
    def run(seed: str) -> list[bool]:
        faults = Faults(seed)
        faults.arm(parse_fault("reject%0.3"))
        return [bool(fault) for fault in strikes(faults, "reject", 200)]

    assert run("a") == run("a") != run("b")
    assert 30 < sum(run("a")) < 90


def test_an_error_strikes_its_command_alone() -> None:
    faults = Faults("seed")
    faults.arm(parse_fault("error=+CNMI=303*1"))
    assert faults.strike_command("+CSQ") is None
    assert faults.strike_command("+CNMI") is not None
    assert faults.strike_command("+CNMI") is None


def test_clearing_one_leaves_the_others() -> None:
    faults = Faults("seed")
    for text in ("reject", "noise"):
        faults.arm(parse_fault(text))
    faults.clear(FaultName.NOISE)
    assert [fault.name for fault in faults.listing()] == [FaultName.REJECT]
    faults.clear()
    assert faults.listing() == []


@pytest.mark.parametrize(("value", "number"), [(None, 7.0), ("0x30", 48.0), ("2.5", 2.5)])
def test_values_are_numbers(value: str | None, number: float) -> None:
    assert Fault(name=FaultName.REJECT, value=value).number(7) == number


def strikes(faults: Faults, name: str, times: int) -> list[Fault | None]:
    return [faults.strike(FaultName(name)) for _ in range(times)]
