"""The simulated shop speaks as the door understands it, and only its known nonsense is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from shop import Told

from gateway.dispatch.events import normalise
from gateway.domain.errors import RejectedError
from gateway.mqtt.events import parse_event
from season.house import STORE
from season.test_clock import START, make_shop


def refusal(act: Told) -> str | None:
    try:
        normalise(parse_event(STORE, json.dumps(act.event).encode()), "GB", act.at)
    except RejectedError as error:
        return error.code
    return None


def test_what_is_good_is_taken_and_what_is_wrong_is_refused_with_its_code() -> None:
    shop = make_shop(60, 30, wrong=0.05)
    acts = [act for act in shop.until(shop.ends) if isinstance(act, Told)]
    assert {act.wrong for act in acts} > {None, "unknown_type", "invalid_value", "missing_field"}
    assert {act.event["type"] for act in acts} > set(shop.post.published)
    found = [(act.event["type"], act.wrong, refusal(act)) for act in acts]
    assert [one for one in found if one[1] != one[2]] == []


def test_the_same_seed_is_the_same_shop() -> None:
    one, other = (make_shop(20, 10, seed=5) for _ in range(2))
    assert one.until(one.ends) == other.until(other.ends)
    assert make_shop(20, 10, seed=6).until(one.ends) != other.until(other.ends)


def test_it_runs_as_a_process_of_its_own_and_hears_of_sms() -> None:
    words = [sys.executable, "-m", "shop", "--customers", "5", "--start", START.isoformat()]
    end = (START + timedelta(days=5)).isoformat()
    said = {"at": START.isoformat(), "to": "+447700900001", "text": "Hello"}
    asked = "\n".join(json.dumps(line) for line in (said, {"until": end}))
    folder = Path(__file__).parents[1]
    out = subprocess.run(
        words, cwd=folder, input=asked, capture_output=True, text=True, check=True, timeout=60
    )
    told = [json.loads(line) for line in out.stdout.splitlines()]
    assert told[-1] == {"done": end}
    assert {"shop.customer.updated.v1"} < {one["event"]["type"] for one in told[:-1]}


def test_a_shop_imports_nothing_of_the_gateway() -> None:
    folder = Path(__file__).parents[1] / "shop"
    for file in folder.glob("*.py"):
        assert "gateway." not in file.read_text(), file.name


@pytest.mark.parametrize("wrong", ["unknown_type", "invalid_value", "missing_field", "wrong_type"])
def test_each_kind_of_nonsense_is_there(wrong: str) -> None:
    shop = make_shop(60, 30, wrong=0.05)
    acts = shop.until(shop.ends)
    assert any(isinstance(act, Told) and act.wrong == wrong for act in acts)
