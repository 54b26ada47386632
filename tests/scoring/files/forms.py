"""What models keep, read off their source; `python -m tests.scoring.files.forms` notes it anew."""

from __future__ import annotations

import ast
import dataclasses
import hashlib
import importlib
import inspect
import json
import textwrap
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from scoring.features import NAMES, features
from scoring.files.allowed import OWN
from scoring.files.forms import FEATURES, FORMS, LOOSE
from tests.scoring.lakes import ORIGIN, MemoryLake, click, message, order, reply

NOTED = Path(__file__).with_name("forms.json")
DAY = 24 * 60

Kept = dict[str, dict[str, Any]]


def noted() -> Kept:
    """What was kept when a person last looked."""
    found: Kept = json.loads(NOTED.read_text())
    return found


def kept_now() -> Kept:
    """What each model keeps, with its form: attributes, the keys of a dict, or a digest."""
    kept = {name: attributes(_type(name)) for name in OWN}
    kept |= {name: keys_read(name) for name in LOOSE}
    kept |= {FEATURES: told_of_people()}
    return {name: {"form": FORMS[name], "keeps": kept[name]} for name in sorted(kept)}


def silent(before: Kept, now: Kept) -> list[str]:
    """What keeps something else than before under the same form."""
    return [
        name
        for name, one in now.items()
        if name in before and one["form"] == before[name]["form"] and one != before[name]
    ]


def attributes(kind: type) -> list[str]:
    """Names that a class of ours, or what it is made of, sets on itself."""
    ours = [one for one in kind.__mro__ if one.__module__.startswith(("scoring.", "tests."))]
    found = {name for one in ours for name in _set_in(one)}
    if dataclasses.is_dataclass(kind):
        found |= {field.name for field in dataclasses.fields(kind)}
    return sorted(found)


def _set_in(kind: type) -> Iterator[str]:
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(kind)))):
        stored = isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
        if stored and isinstance(node.value, ast.Name) and node.value.id == "self":
            yield node.attr


def keys_read(part: str) -> list[str]:
    """Keys that the pipeline reads from a model that is a dict."""
    module = importlib.import_module(f"scoring.pipeline.{part}")
    read = (
        node.slice.value
        for node in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Name)
        and node.value.id == "model"
        and isinstance(node.slice, ast.Constant)
    )
    return sorted(set(read))


def told_of_people() -> list[str]:
    """Names of the features, and a digest of what they say of people who never change."""
    table = features(_lake(), ORIGIN.date() + timedelta(days=400)).sort_index()
    digits = [[f"{value:.7g}" for value in row] for row in table[list(NAMES)].to_numpy()]
    return [*NAMES, hashlib.sha256(json.dumps(digits).encode()).hexdigest()[:16]]


def _lake() -> MemoryLake:
    """Four people of different habits, with every kind of event on both sides of a cut-off."""
    ada = [order("ada", day * DAY + 600, value=10.0 + day) for day in range(40, 400, 30)]
    bob = [order("bob", 390 * DAY + 1300, value=55.5, items=3, products=2)]
    cyd = [order("cyd", day * DAY + 100, value=8.0, items=2) for day in (100, 100.25, 250, 399)]
    dee = [order("dee", 200 * DAY, value=9.0), order("dee", 210 * DAY, value=4.0, kind="return")]
    late = [order("ada", 401 * DAY, value=99.0), order("dee", 420 * DAY, value=99.0)]
    sent = [message("ada", f"m{day}", day * DAY + 540, delay=day) for day in (300, 350, 380, 395)]
    return MemoryLake(
        orders=[*ada, *bob, *cyd, *dee, *late],
        messages=[*sent, message("bob", "m0", 396 * DAY, delay=None)],
        clicks=[
            click("ada", "m380", 380 * DAY + 600),
            click("ada", "m395", 395 * DAY + 541, machine=True),
        ],
        replies=[reply("ada", 381 * DAY), reply("cyd", 390 * DAY, kind="stop")],
    )


def _type(name: str) -> type:
    module, _, kind = name.rpartition(".")
    found: type = getattr(importlib.import_module(module), kind)
    return found


if __name__ == "__main__":
    changed = silent(noted() if NOTED.is_file() else {}, kept_now())
    if changed:
        raise SystemExit(f"raise in scoring/files/forms.py first: {', '.join(changed)}")
    NOTED.write_text(json.dumps(kept_now(), indent=1) + "\n")
