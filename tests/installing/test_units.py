"""The units: what systemd makes of them, and how little they expose."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

UNITS = Path(__file__).parents[2] / "hardware" / "systemd"
ANALYZE = shutil.which("systemd-analyze")

NEWER = ("RestartSteps", "RestartMaxDelaySec")
"""What systemd 254 knows and 252, Debian 12's, says that it ignores."""

MOST = {"shopbell.service": 2.0, "shopbell-bridge.service": 1.2}
"""The exposure that was seen (systemd 252). Of the first DESIGN asks 1.7: it would keep it from
naming who holds a port, and from letting the lines go before the console."""

needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units with a program that is there."""
    for unit in UNITS.glob("*.service"):
        text = unit.read_text().replace("/usr/local/bin/shopbell", shutil.which("true") or "")
        (tmp_path / unit.name).write_text(text)
    drop_in = tmp_path / "shopbell.service.d"
    drop_in.mkdir()
    shutil.copy(UNITS / "credentials.conf", drop_in)
    return tmp_path


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(ANALYZE), *arguments], capture_output=True, text=True, timeout=60, check=False
    )


@needs_systemd
@pytest.mark.parametrize("name", sorted(MOST))
def test_systemd_understands_every_line(units: Path, name: str) -> None:
    done = analyze("verify", str(units / name))
    said = [line for line in done.stderr.splitlines() if str(units) in line]
    strange = [line for line in said if not any(f"'{key}'" in line for key in NEWER)]
    assert (done.returncode, strange) == (0, [])


@needs_systemd
@pytest.mark.parametrize("name", sorted(MOST))
def test_it_exposes_no_more_than_was_seen(units: Path, name: str) -> None:
    done = analyze("security", "--offline=true", "--no-pager", str(units / name))
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
    assert found, done.stderr
    assert float(found[1]) <= MOST[name]


def read(name: str) -> dict[str, list[str]]:
    """Return the settings of a unit, each with all its values."""
    settings: dict[str, list[str]] = {}
    for line in (UNITS / name).read_text().splitlines():
        key, sign, value = line.partition("=")
        if sign and not line.startswith("#"):
            settings.setdefault(key, []).append(value)
    return settings


def test_the_gateway_is_watched_and_comes_back() -> None:
    unit = read("shopbell.service")
    assert unit["Type"] == ["notify"]
    assert unit["WatchdogSec"] == ["60"]
    assert unit["Restart"] == ["always"]
    assert unit["StartLimitIntervalSec"] == ["0"]


def test_it_stops_after_what_is_at_a_modem_is_finished() -> None:
    """``[gateway] grace`` and the last words to the broker, five seconds each, have to fit."""
    from gateway.app.gateway import FLUSH_LIMIT
    from gateway.settings import GatewaySettings

    grace = GatewaySettings.model_fields["grace"].default
    assert float(read("shopbell.service")["TimeoutStopSec"][0]) > grace + FLUSH_LIMIT + 10


def test_the_watchdog_hears_of_a_hung_writer_within_its_time() -> None:
    from gateway.app.watchdog import DESK_LIMIT, WRITER_LIMIT

    assert float(read("shopbell.service")["WatchdogSec"][0]) < min(WRITER_LIMIT, DESK_LIMIT)


def test_it_may_use_modems_and_no_other_device() -> None:
    unit = read("shopbell.service")
    assert unit["DevicePolicy"] == ["closed"]
    assert unit["DeviceAllow"] == ["char-ttyUSB rw", "char-ttyACM rw"]
    assert unit["SupplementaryGroups"] == ["dialout"]
    assert {"time-sync.target", "network-online.target"} <= set(unit["After"][0].split())


def test_the_console_and_backups_may_let_the_lines_go_first() -> None:
    assert read("shopbell.service")["SystemCallFilter"][-1] == "setpriority"


def test_a_password_can_be_handed_in_without_lying_where_others_read() -> None:
    drop_in = read("credentials.conf")
    assert drop_in["LoadCredential"] == ["mqtt.password:/etc/shopbell/mqtt.password"]
    assert drop_in["Environment"] == ["SHOPBELL_MQTT__PASSWORD_FILE=%d/mqtt.password"]


def test_the_variable_of_the_drop_in_is_the_one_that_is_read() -> None:
    from gateway.settings.sources import variable_name

    assert variable_name("mqtt", "password_file") == "SHOPBELL_MQTT__PASSWORD_FILE"


def test_user_and_folders_are_those_of_the_unit() -> None:
    unit = read("shopbell.service")
    users = (UNITS / "sysusers.conf").read_text()
    folders = (UNITS / "tmpfiles.conf").read_text()
    [user] = unit["User"]
    assert f"u {user} " in users
    assert f"m {user} dialout" in users
    assert f"d {unit['WorkingDirectory'][0]} 0700 {user} {user}" in folders
    assert "d /etc/shopbell 0750 root shopbell" in folders
