"""A bank in this process: what it opens, what it closes, what survives."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hardware.simulator import Bank, BankSettings, ControlError, FaultError, ModemSettings
from hardware.simulator.sim import identity, with_check_digit


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def names(directory: Path) -> list[str]:
    return [each.name for each in directory.iterdir()]


async def test_modems_are_there_and_go(tmp_path: Path) -> None:
    async with Bank(tmp_path, BankSettings(modems=3)) as bank:
        assert [port.name for port in bank.ports] == ["modem0", "modem1", "modem2"]
        assert all(port.resolve().is_char_device() for port in bank.ports)
    assert names(tmp_path) == ["log.jsonl"]


async def test_every_modem_and_sim_has_its_own_identity(tmp_path: Path) -> None:
    async with Bank(tmp_path, BankSettings(modems=64)) as bank:
        identities = [stick.device.identity for stick in bank.sticks.values()]
    for name in ("imei", "iccid", "imsi", "number"):
        assert len({getattr(each, name) for each in identities}) == 64
    assert all(with_check_digit(each.imei[:-1]) == each.imei for each in identities)


@pytest.mark.parametrize(("digits", "whole"), [("7992739871", "79927398713"), ("0", "00")])
def test_check_digits(digits: str, whole: str) -> None:
    assert with_check_digit(digits) == whole


async def test_the_directory_is_made_and_used_again(tmp_path: Path) -> None:
    directory = tmp_path / "a" / "b"
    for number in (1, 2):
        async with Bank(directory, BankSettings(seed=number)) as bank:
            bank.sticks["modem0"].vanish(None)
    events = [json.loads(line)["event"] for line in bank.log.read_text().splitlines()]
    assert events == ["unplugged", "unplugged"], "a log is continued, never begun again"


async def test_the_log_may_be_elsewhere(tmp_path: Path) -> None:
    log = tmp_path / "other.jsonl"
    async with Bank(tmp_path / "bank", BankSettings(log=log)) as bank:
        assert bank.log == log
    assert log.exists()
    assert not (tmp_path / "bank" / "log.jsonl").exists()


async def test_a_long_path_is_refused_by_name(tmp_path: Path) -> None:
    before = open_files()
    directory = tmp_path / ("x" * 120)
    reason = r"control\.sock has a path of \d+ octets; Unix allows 107"
    with pytest.raises(ControlError, match=reason):
        async with Bank(directory):
            pass
    assert open_files() == before


async def test_an_unknown_fault_leaves_nothing_open(tmp_path: Path) -> None:
    before = open_files()
    with pytest.raises(FaultError, match="no fault is called 'nonsense'"):
        async with Bank(tmp_path, BankSettings(modems=2, faults=("nonsense",))):
            pass
    assert open_files() == before
    assert not (tmp_path / "modem0").is_symlink()


async def test_a_booting_modem_answers_later(tmp_path: Path) -> None:
    settings = BankSettings(modem=ModemSettings(boot=60))
    async with Bank(tmp_path, settings) as bank:
        assert bank.sticks["modem0"].state()["mode"] == "booting"


@pytest.mark.parametrize("make", [lambda: BankSettings(modems=0), lambda: ModemSettings(boot=-1)])
def test_impossible_settings_are_refused(make) -> None:
    with pytest.raises(ValueError, match=r"must not|at least"):
        make()


async def test_the_sims_may_be_of_another_network(tmp_path: Path) -> None:
    settings = BankSettings(modem=ModemSettings(home="20801"))
    async with Bank(tmp_path, settings) as bank:
        [stick] = bank.sticks.values()
        assert stick.device.identity.imsi == "208010000000000"
        stick.insert(7)
        assert stick.device.identity.imsi == "208010000000007"
    with pytest.raises(ValueError, match="five digits"):
        identity(0, "fr")
