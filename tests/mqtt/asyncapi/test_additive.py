"""Between versions only additions, and nothing that is not one passes for one."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.processes import ROOT
from support.schemas import schema

from gateway.mqtt.asyncapi import CHANNELS
from gateway.mqtt.asyncapi.additive import breaks

VERSIONS = sorted(path for path in (ROOT / "tests" / "data" / "api").iterdir() if path.is_dir())
"""The schemas of each version that was released; never changed afterwards."""

ACTIONS: dict[str, Any] = {
    message.name: channel.action for channel in CHANNELS for message in channel.messages
}
EARLIER = [path for version in VERSIONS for path in sorted(version.glob("*.json"))]


NEVER_TAKEN = {("1.0.0", "job"): frozenset({"template"})}
"""Fields of which that version's gateway refused every value: bounds on them break nobody."""


@pytest.mark.parametrize("earlier", EARLIER, ids=lambda path: f"{path.parent.name} {path.stem}")
def test_whoever_was_written_for_an_earlier_version_still_works(earlier: Path) -> None:
    assert earlier.stem in ACTIONS, "a message is gone"
    before, after = schema(earlier.stem, earlier.parent), schema(earlier.stem)
    broken = breaks(before, after, ACTIONS[earlier.stem])
    refused = NEVER_TAKEN.get((earlier.parent.name, earlier.stem), frozenset())
    assert [one for one in broken if one.partition(":")[0] not in refused] == []


NULLABLE = {"anyOf": [{"type": "integer"}, {"type": "null"}]}


def changed(name: str, change: Callable[[dict[str, Any]], object]) -> list[str]:
    before = schema(name)
    after = copy.deepcopy(before)
    change(after)
    return breaks(before, after, ACTIONS[name])


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("job", lambda it: it["properties"].pop("report"), "report: the field is gone"),
        (
            "job",
            lambda it: it["properties"].update(reports=it["properties"].pop("report")),
            "report: the field is gone",
        ),
        ("job", lambda it: it["required"].append("report"), "report: is required now"),
        (
            "job",
            lambda it: it["definitions"]["Purpose"]["enum"].remove("otp"),
            "purpose: the value otp is gone",
        ),
        (
            "job",
            lambda it: it["properties"]["report"].update(type="string"),
            "report: boolean became string",
        ),
        ("job", lambda it: it["properties"]["to"].update(maxLength=16), "to: maxLength is smaller"),
        ("job", lambda it: it["properties"]["to"].update(minLength=5), "to: minLength is larger"),
        ("job", lambda it: it["properties"]["id"].update(pattern="^a$"), "id: pattern changed"),
        ("job", lambda it: it["properties"]["to"].update(pattern="^a$"), "to: pattern changed"),
        ("job", lambda it: it["properties"]["to"].update(enum=["a"]), "to: only some values"),
        ("job", lambda it: it["properties"]["text"]["anyOf"].pop(), "text: null is refused"),
        (
            "job",
            lambda it: it["properties"]["text"]["anyOf"][0].update(minLength=2),
            "text: minLength is larger",
        ),
        ("job", lambda it: it["oneOf"].pop(), "the whole: oneOf changed"),
        (
            "shop.consent.updated.v1",
            lambda it: it["definitions"]["ConsentProperties"]["allOf"].pop(),
            "data.properties: allOf changed",
        ),
        (
            "shop.consent.updated.v1",
            lambda it: it["definitions"]["ConsentProperties"]["properties"].pop("valid_until"),
            "data.properties.valid_until: the field is gone",
        ),
        (
            "shop.privacy.requested.v1",
            lambda it: it["properties"]["type"].update(const="shop.privacy.requested.v2"),
            "type: const changed",
        ),
        ("status", lambda it: it["required"].remove("seq"), "seq: may be left out now"),
        ("status", lambda it: it["properties"].pop("modem"), "modem: the field is gone"),
        (
            "status",
            lambda it: it["definitions"]["PartsTold"]["properties"].pop("sent"),
            "parts.sent: the field is gone",
        ),
        (
            "status",
            lambda it: it["properties"].update(
                seq={"anyOf": [{"type": "integer"}, {"type": "null"}]}
            ),
            "seq: null is new",
        ),
        (
            "inbound",
            lambda it: it["properties"]["missing"]["items"].update(type="string"),
            "missing[]: integer became string",
        ),
        ("inbound", lambda it: it["properties"]["text"]["anyOf"].pop(0), "text: string is gone"),
    ],
)
def test_what_breaks_somebody_is_named(
    name: str, change: Callable[[dict[str, Any]], object], said: str
) -> None:
    assert [words for words in changed(name, change) if words.startswith(said)]


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("job", lambda it: it["properties"].update(priority={"type": "string"})),
        ("job", lambda it: it["properties"]["to"].update(maxLength=80, description="new words")),
        ("job", lambda it: it["required"].remove("purpose")),
        ("job", lambda it: it["definitions"]["Purpose"]["enum"].append("survey")),
        ("status", lambda it: it["properties"].update(cost={"type": "string"})),
        ("status", lambda it: it["required"].append("not_before")),
        ("status", lambda it: it["properties"]["modem"]["anyOf"].pop()),
    ],
)
def test_what_is_added_breaks_nobody(name: str, change: Callable[[dict[str, Any]], object]) -> None:
    assert changed(name, change) == []


def test_unknown_fields_that_were_taken_may_not_be_refused() -> None:
    before = schema("cancel") | {"additionalProperties": True}
    said = breaks(before, schema("cancel"), "receive")
    assert said == ["the whole: unknown fields are refused now"]
