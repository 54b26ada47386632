"""The container's files: nobody builds them here, so what can be seen of them is seen here."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path

import yaml
from support.command import Shopbell

CLONE = Path(__file__).parents[2]
PACKAGING = CLONE / "packaging"


def instructions() -> list[tuple[str, str]]:
    """Return the instructions of the Dockerfile with what follows them."""
    text = (PACKAGING / "Dockerfile").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]


def copied() -> list[str]:
    """Return what is copied from the clone."""
    found: list[str] = []
    for word, rest in instructions():
        if word == "COPY" and not rest.startswith("--from"):
            found += rest.split()[:-1]
    return found


def test_it_has_instructions_that_there_are() -> None:
    known = {"FROM", "COPY", "ENV", "WORKDIR", "RUN", "USER", "VOLUME", "EXPOSE"}
    known |= {"STOPSIGNAL", "ENTRYPOINT", "CMD"}
    assert {word for word, _ in instructions()} <= known


def test_what_is_copied_is_there_and_not_ignored() -> None:
    ignored = (PACKAGING / "Dockerfile.dockerignore").read_text().splitlines()
    assert copied()
    for path in copied():
        assert (CLONE / path).exists()
        assert f"!{path}" in ignored


def test_all_that_the_wheel_is_made_of_is_copied() -> None:
    wheel = tomllib.loads((CLONE / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    of = wheel["targets"]["wheel"]
    assert {*of["packages"], *of["force-include"]} <= set(copied())


def test_uv_is_the_version_that_the_lock_was_made_with() -> None:
    version = re.search(r"UV_VERSION := (\S+)", (CLONE / "Makefile").read_text())
    assert version
    assert f"astral-sh/uv:{version[1]} " in (PACKAGING / "Dockerfile").read_text()


def test_the_compose_file_parses_and_its_paths_are_there() -> None:
    document = yaml.safe_load((PACKAGING / "compose.yaml").read_text())
    gateway, broker = document["services"]["gateway"], document["services"]["broker"]
    build = gateway["build"]
    context = (PACKAGING / build["context"]).resolve()
    assert context == CLONE
    assert (context / build["dockerfile"]).is_file()
    # One user for both: the broker has to read what the gateway wrote for it.
    assert broker["user"].split(":")[0] in (PACKAGING / "Dockerfile").read_text()
    for service in (gateway, broker):
        assert all(port.startswith("127.0.0.1:") for port in service["ports"])


def test_its_configuration_is_right_and_makes_the_brokers(
    shopbell: Shopbell, config: Path, tmp_path: Path
) -> None:
    shutil.copy(PACKAGING / "docker" / "shopbell.toml", config)
    done = shopbell("check")
    assert (done.code, done.err) == (0, "")
    (tmp_path / "broker").mkdir()
    assert shopbell("broker-config", "broker").code == 0
    command = yaml.safe_load((PACKAGING / "compose.yaml").read_text())["services"]["broker"]
    assert (tmp_path / command["command"][-1].lstrip("/")).is_file()
    assert shopbell("check").code == 0
