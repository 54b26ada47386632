"""What fuzzing once found, and a few inputs of each kind, are tests from then on."""

from __future__ import annotations

import pytest

from tests.fuzz.run import SEEDS, beginnings
from tests.fuzz.targets import TARGETS

FOUND = sorted(file for file in SEEDS.glob("*/*") if file.is_file())


@pytest.mark.parametrize("file", FOUND, ids=lambda file: f"{file.parent.name}-{file.name[:16]}")
def test_what_was_found_once_is_right_now(file) -> None:
    TARGETS[file.parent.name](file.read_bytes())


def test_every_find_belongs_to_a_target() -> None:
    assert {file.parent.name for file in FOUND} <= set(TARGETS)


@pytest.mark.parametrize("name", TARGETS)
def test_what_real_modems_said_holds(name: str) -> None:
    seeds = list(beginnings(name))
    if not seeds:
        pytest.skip("no real PDUs and dialogues beside the project")
    for seed in seeds:
        TARGETS[name](seed)
