"""The doctor on a box with a real broker and simulated modems: well, and with one fault each."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.broker import MOSQUITTO, Mosquitto
from support.ports import free_port
from support.processes import Process, Simulator, wait_for

from gateway.backup.folder import name_of
from gateway.domain.clock import SystemClock

SHOPBELL = Path(sys.executable).parent / "shopbell"

OF_THIS_MACHINE = ("clock.", "box.", "disk.", "software.")
"""What the machine is like on which the tests run, and no business of theirs."""

CONFIGURATION = """
[gateway]
node = "box-1"
country = "GB"

[mqtt]
url = "mqtt://127.0.0.1:{broker}"

[console]
listen = "127.0.0.1:{console}"

[alarms]
webhook_url = "http://127.0.0.1:9/"

[backup]
dir = "backup"

[[modem]]
name = "m0"
port = "{port}"
tariff_permits_bulk = "yes"

[[store]]
name = "acme"
country = "GB"
timezone = "Europe/London"
help_contact = "help@acme.example"
"""


class Box:
    """All that a gateway needs, and the gateway."""

    def __init__(self, folder: Path, *simulator: str) -> None:
        (folder / "own").mkdir()
        (folder / "broker").mkdir()
        self.folder = folder
        self.config = folder / "shopbell.toml"
        self.bank = Simulator(folder / "bank", 1, *simulator)
        self.broker = Mosquitto(folder / "own")
        text = CONFIGURATION.format(
            broker=self.broker.port, console=free_port(), port=self.bank.port(0)
        )
        self.config.write_text(text)
        assert self.shopbell("broker-config", "broker").returncode == 0
        self.broker.written = folder / "broker" / "shopbell.conf"
        # The user it would become may not look into a folder of the tests.
        text = self.broker.written.read_text().replace("user mosquitto", "user root")
        self.broker.written.write_text(text)
        self.gateway: Process | None = None
        self.broker.start()

    def start(self) -> None:
        self.gateway = Process([SHOPBELL, "run"], self.folder, "gateway")
        self.gateway.wait_line("ready")

    def shopbell(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [SHOPBELL, *words],
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def examine(self, *words: str) -> tuple[int, dict[str, str]]:
        """Return the exit code, and the levels of what was found by key, this machine left out."""
        done = self.shopbell("doctor", "--json", *words)
        assert done.stderr == ""
        found = map(json.loads, done.stdout.splitlines())
        return done.returncode, {
            one["key"]: one["level"] for one in found if not one["key"].startswith(OF_THIS_MACHINE)
        }

    def close(self) -> None:
        if self.gateway is not None:
            self.gateway.close()
        self.bank.close()
        self.broker.stop()


@pytest.fixture
def box(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Box]:
    if MOSQUITTO is None:
        pytest.skip("mosquitto is not installed")
    made = Box(tmp_path, *getattr(request, "param", ()))
    yield made
    made.close()


def wrong(found: dict[str, str]) -> set[str]:
    return {key for key, level in found.items() if level == "wrong"}


def test_a_box_that_is_well_is_well_and_then_each_fault_is_named(box: Box) -> None:
    box.start()
    wait_for(lambda: '"state": "ready"' in box.shopbell("modems", "--json").stdout, 60, "modem")
    (box.folder / "backup").mkdir(exist_ok=True)
    assert box.shopbell("backup", f"backup/{name_of('box-1', SystemClock().now())}").returncode == 0
    code, found = box.examine("--active")
    assert (wrong(found), [key for key, level in found.items() if level == "warning"]) == (
        set(),
        [],
    )
    expected = {"gateway.answers", "modems.ready", "broker.trespass", "console.answers"}
    assert expected | {"database.sound", "ports.there", "alarms.told"} <= set(found)
    assert code == 0

    box.folder.joinpath("shopbell.db.key").chmod(0o644)
    text = box.config.read_text()
    box.config.write_text(text.replace('url = "mqtt://127.0.0.1', 'url = "mqtt://127.0.0.2'))
    code, found = box.examine()
    assert (code, wrong(found)) == (1, {"database.key_open", "broker.unreachable"})

    password = box.folder / "mqtt.password"
    box.config.write_text(text.replace("password_file = ", "#").replace('"gateway"', '"nobody"'))
    assert password.exists()
    code, found = box.examine()
    assert (code, wrong(found)) == (1, {"database.key_open", "broker.login"})


def test_while_no_gateway_runs_the_modem_is_asked_and_nothing_changes(box: Box) -> None:
    box.start()
    assert box.gateway is not None
    box.gateway.close()
    before = contents(box.folder)
    code, found = box.examine()
    assert (code, wrong(found)) == (0, set())
    assert found["gateway.stopped"] == "warning"
    assert found["modems.ready"] == found["database.schema"] == "ok"
    assert contents(box.folder) == before


@pytest.mark.parametrize("box", [("--pin", "1234")], indirect=True)
def test_a_sim_that_waits_for_its_pin_is_named_and_no_pin_is_typed(box: Box) -> None:
    box.config.write_text(box.config.read_text().replace("tariff", 'pin = "1234"\ntariff'))
    _, found = box.examine()
    assert found["modems.pin_required"] == "wrong"
    assert box.examine()[1]["modems.pin_required"] == "wrong"


def test_with_everything_down_it_is_done_within_twenty_seconds(tmp_path: Path) -> None:
    (tmp_path / "shopbell.toml").write_text(
        CONFIGURATION.format(broker=1, console=2, port="/dev/ttyUSB99").replace(
            "127.0.0.1:1", "192.0.2.1:1883"
        )
    )
    begun = time.monotonic()
    done = subprocess.run(
        [SHOPBELL, "doctor"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert time.monotonic() - begun < 20
    assert done.returncode == 1
    assert "WRONG   [[modem]] m0: nothing is at /dev/ttyUSB99" in done.stdout
    assert "WRONG   no broker answers at 192.0.2.1:1883" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("2 wrong, ")


def test_a_wrong_configuration_is_told_with_what_of_the_box_can_be_seen(tmp_path: Path) -> None:
    (tmp_path / "shopbell.toml").write_text('[gateway]\nnode = "box 1"\n')
    done = subprocess.run(
        [SHOPBELL, "doctor"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert 'WRONG   shopbell.toml: [gateway] node = "box 1"' in done.stdout
    assert "\ndisk\n" in done.stdout


def contents(folder: Path) -> dict[str, bytes]:
    """Return what the gateway's own files hold."""
    files = [*folder.glob("shopbell.*"), *folder.glob("*.password")]
    return {file.name: file.read_bytes() for file in files if file.is_file()}
