"""docs/modems.md names tests and profiles; what it names is there."""

from __future__ import annotations

import re
from pathlib import Path

from gateway.modem.known.profiles import load_profiles

TESTS = Path(__file__).parent
DOC = (TESTS.parent / "docs" / "modems.md").read_text(encoding="utf-8")
NAMED = re.findall(r"((?:\w+/)*test_\w+\.py)(?: `(Test\w+)`)?", DOC)


def test_every_test_that_it_names_is_there() -> None:
    assert len(NAMED) > 50
    for file, group in NAMED:
        path = TESTS / file.removeprefix("tests/")
        assert path.is_file(), file
        assert f"class {group}" in path.read_text() or not group, f"{file} {group}"


def test_every_profile_is_in_its_table() -> None:
    for name, profile in load_profiles().items():
        assert f"| `{name}` | {profile.name} |" in DOC
