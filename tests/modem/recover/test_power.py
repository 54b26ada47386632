"""The last rung: a stick is taken off its bus, or its power is cut by the operator's command."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from support.sysfs import Sysfs

from gateway.modem.recover.power import Place, PowerError, place_of, rebind, run_power_command

PLACE = Place(device="/dev/ttyUSB2", usb="1-1.2")


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


@pytest.fixture
def sysfs(tmp_path: Path) -> Path:
    driver = tmp_path / "bus" / "usb" / "drivers" / "usb"
    driver.mkdir(parents=True)
    for name in ("unbind", "bind"):
        (driver / name).touch()
    return tmp_path


async def test_a_stick_is_unbound_and_bound(sysfs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.modem.recover.power.UNBOUND", 0.01)
    await rebind(PLACE, sysfs)
    driver = sysfs / "bus/usb/drivers/usb"
    assert (driver / "unbind").read_text() == "1-1.2"
    assert (driver / "bind").read_text() == "1-1.2"


async def test_a_stick_is_bound_again_also_when_the_gateway_stops(sysfs: Path) -> None:
    rebinding = asyncio.create_task(rebind(PLACE, sysfs))
    unbind = sysfs / "bus/usb/drivers/usb/unbind"
    async with asyncio.timeout(5):
        while not unbind.read_text():  # noqa: ASYNC110 -- a file tells nobody
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)
    rebinding.cancel()
    await asyncio.wait([rebinding])
    assert rebinding.cancelled()
    assert (sysfs / "bus/usb/drivers/usb/bind").read_text() == "1-1.2"


async def test_a_stick_that_lost_its_drivers_is_bound_although_it_cannot_be_unbound(
    sysfs: Path,
) -> None:
    unbind = sysfs / "bus/usb/drivers/usb/unbind"
    unbind.unlink()
    unbind.mkdir()
    with pytest.raises(PowerError, match="unbind"):
        await rebind(PLACE, sysfs)
    assert (sysfs / "bus/usb/drivers/usb/bind").read_text() == "1-1.2"


async def test_what_is_no_usb_stick_cannot_be_unbound(sysfs: Path) -> None:
    with pytest.raises(PowerError, match="not known"):
        await rebind(Place(device="/dev/ttyS0"), sysfs)


async def test_a_sysfs_that_refuses_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(PowerError, match="unbind"):
        await rebind(PLACE, tmp_path)


async def test_the_command_gets_the_place_without_a_shell(tmp_path: Path) -> None:
    file = tmp_path / "said"
    code = f"import sys; open({str(file)!r}, 'w').write(' '.join(sys.argv[1:]))"
    await run_power_command((*python(code), "{port}", "{usb}", "$HOME;"), PLACE)
    assert file.read_text() == "/dev/ttyUSB2 1-1.2 $HOME;"


@pytest.mark.parametrize("word", ["{port}", "--location={usb}"])
async def test_a_command_is_not_run_for_a_place_that_is_not_known(
    word: str, tmp_path: Path
) -> None:
    file = tmp_path / "said"
    with pytest.raises(PowerError, match="not known"):
        await run_power_command((*python(f"open({str(file)!r}, 'w')"), word), Place())
    assert not file.exists()


async def test_the_last_thing_a_command_complains_of_is_logged() -> None:
    code = "import sys; sys.stderr.write('one\\nno such hub\\n\\n'); sys.exit(3)"
    with capture_logs() as logs, pytest.raises(PowerError, match="3: no such hub"):
        await run_power_command(python(code), PLACE)
    assert logs[0]["said"] == "no such hub"


async def test_a_command_that_is_not_there_is_told_of() -> None:
    with pytest.raises(PowerError, match="No such file"):
        await run_power_command(("/nowhere/uhubctl",), PLACE)


async def test_a_command_that_does_not_end_is_ended(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("gateway.modem.recover.power.COMMAND_LIMIT", 0.3)
    file = tmp_path / "pid"
    with pytest.raises(PowerError, match="did not end"):
        await run_power_command(("sh", "-c", f"echo $$ > {file}; exec sleep 60"), PLACE)
    with pytest.raises(ProcessLookupError):
        os.kill(int(file.read_text()), 0)


async def test_a_stick_is_known_by_its_tty(tmp_path: Path) -> None:
    sysfs = Sysfs(tmp_path)
    sysfs.plug("1-1.2", {"ttyUSB2": 2})
    assert (await place_of(str(sysfs.dev / "ttyUSB2"), sysfs.root)).usb == "1-1.2"
    assert await place_of("/dev/ttyUSB7", sysfs.root) == Place(device="/dev/ttyUSB7")
