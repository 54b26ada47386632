"""The stores of the documentation, run as they stand: what each says is what the contract says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.house import House
from support.plugin import Build

CLIENTS = Path(__file__).parents[2] / "docs" / "clients"
WORDS = ("order-1", "+447700900123", "Your order has shipped.")
MQTT_OF_NODE = "SHOPBELL_NODE_MODULES"
"""Names a folder with the npm package `mqtt`; without it the store in Node is only parsed."""


def environment(built: House) -> dict[str, str]:
    return os.environ | {"STORE": "acme", "PORT": str(built.broker.port), "PASSWORD": ""}


def said_by(built: House, *command: str | Path, folder: Path = CLIENTS) -> list[str]:
    done = subprocess.run(
        [*command, *WORDS],
        cwd=folder,
        env=environment(built),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")[:-1]


def test_in_python(house: Build) -> None:
    built = house()
    built.start()
    assert said_by(built, sys.executable, "store.py") == ["accepted", "sent", "delivered"]
    again = said_by(built, sys.executable, "store.py")
    assert again[-1] == "delivered"
    assert len(built.log()) == 1


def test_a_refusal_in_python(house: Build) -> None:
    built = house()
    built.start()
    done = subprocess.run(
        [sys.executable, CLIENTS / "store.py", "order-1", "12", "x"],
        env=environment(built),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "to" in done.stdout
    assert built.log() == []


def test_in_a_shell(house: Build) -> None:
    if not (shutil.which("mosquitto_sub") and shutil.which("jq")):
        pytest.skip("no mosquitto-clients or no jq")
    built = house()
    built.start()
    with subprocess.Popen(
        ["sh", CLIENTS / "store.sh", *WORDS],
        env=environment(built),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as store:
        assert store.stdout is not None
        said = [store.stdout.readline().strip() for _ in range(3)]
        os.killpg(store.pid, 15)
    assert said == ["accepted", "sent", "delivered"]


def test_in_node(house: Build, tmp_path: Path) -> None:
    node, modules = shutil.which("node"), os.environ.get(MQTT_OF_NODE)
    if node is None or modules is None:
        pytest.skip(f"no node, or {MQTT_OF_NODE} names no folder")
    built = house()
    built.start()
    (tmp_path / "node_modules").symlink_to(modules)
    shutil.copy(CLIENTS / "store.mjs", tmp_path)
    assert said_by(built, node, "store.mjs", folder=tmp_path) == ["accepted", "sent", "delivered"]


@pytest.mark.parametrize(
    ("program", "words"),
    [("php", ("-l", "store.php")), ("node", ("--check", "store.mjs")), ("sh", ("-n", "store.sh"))],
)
def test_they_can_be_parsed(program: str, words: tuple[str, ...]) -> None:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"no {program}")
    subprocess.run([found, *words], cwd=CLIENTS, check=True, capture_output=True, timeout=30)
