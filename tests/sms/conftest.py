from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "data" / "modem" / "pdus.jsonl"

Record = dict[str, Any]


@cache
def corpus() -> tuple[Record, ...]:
    if not CORPUS.exists():
        return ()
    lines = CORPUS.read_text(encoding="utf-8").splitlines()
    return tuple(json.loads(line) for line in lines)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that asks for `record` each record of its `kinds` marker, or all of them."""
    if "record" not in metafunc.fixturenames:
        return
    marker = metafunc.definition.get_closest_marker("kinds")
    records = [r for r in corpus() if marker is None or r["kind"] in marker.args]
    absent = pytest.mark.skip(reason=f"no corpus at {CORPUS}")
    cases = [pytest.param(r, id=str(r["id"])) for r in records]
    metafunc.parametrize("record", cases or [pytest.param({}, marks=absent)])


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "kinds(*names): the kinds of corpus records to run on")


@pytest.fixture
def all_records() -> tuple[Record, ...]:
    records = corpus()
    if not records:
        pytest.skip(f"no corpus at {CORPUS}")
    return records
