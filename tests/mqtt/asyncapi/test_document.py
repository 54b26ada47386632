"""The document is the code's: as committed, complete, well formed, and with examples that hold."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from support.processes import ROOT
from support.schemas import API, faults

from gateway.domain.ids import STORE_NAME, StoreName
from gateway.domain.outward import Outward
from gateway.mqtt.asyncapi import CHANNELS, CODES, MESSAGES, render, write
from gateway.mqtt.asyncapi.__main__ import main
from gateway.mqtt.faults import Fault
from gateway.mqtt.topics import PREFIX, SUBSCRIPTIONS, presence_topic, store_topic

DOCUMENT: dict[str, Any] = json.loads((API / "asyncapi.json").read_text(encoding="utf-8"))
OFFICIAL = ROOT / "tests" / "data" / "asyncapi" / "3.0.0.json.gz"
STORES = (ROOT / "docs" / "stores.md").read_text(encoding="utf-8")

RECEIVED = {channel.address for channel in CHANNELS if channel.action == "receive"}
SENT = {channel.address for channel in CHANNELS if channel.action == "send"}


def test_what_is_committed_is_what_the_models_say() -> None:
    committed = {
        path.relative_to(API).as_posix(): path.read_text(encoding="utf-8")
        for path in API.rglob("*.json")
        if path.name != "openapi.json"  # of HTTP, which has a test of its own
    }
    assert committed == render(), "the models have changed: run `make api` and commit docs/api"


def test_the_document_is_asyncapi_3() -> None:
    official = json.loads(gzip.decompress(OFFICIAL.read_bytes()))
    assert [error.message for error in Draft7Validator(official).iter_errors(DOCUMENT)] == []


def test_the_official_schema_finds_a_fault_where_there_is_one() -> None:
    official = json.loads(gzip.decompress(OFFICIAL.read_bytes()))
    operation = {**DOCUMENT["operations"]["receiveJobs"], "action": "subscribe"}
    wrong = {**DOCUMENT, "operations": {"receiveJobs": operation}}
    assert not Draft7Validator(official).is_valid(wrong)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.name)
def test_every_schema_is_json_schema_of_draft_7(message: Any) -> None:
    written = json.loads(render()[message.file])
    Draft7Validator.check_schema(written)
    assert written["$schema"] == Draft7Validator.META_SCHEMA["$schema"]
    assert "$defs" not in json.dumps(written)


def test_every_reference_leads_somewhere() -> None:
    for reference in re.findall(r'"\$ref": "([^"]+)"', json.dumps(DOCUMENT)):
        if reference.startswith("#/"):
            node: Any = DOCUMENT
            for step in reference[2:].split("/"):
                node = node[step]
        else:
            assert (API / reference).is_file(), reference


def test_every_topic_that_is_subscribed_is_in_the_document_and_no_other() -> None:
    assert {address.replace("{store}", "+") for address in RECEIVED} == set(SUBSCRIPTIONS)


def test_every_topic_that_is_published_on_is_in_the_document_and_no_other() -> None:
    told = {store_topic(StoreName("{store}"), kind) for kind in Outward}
    assert told | {presence_topic("{node}")} == SENT


def test_what_is_published_is_named_by_the_enum_alone() -> None:
    """The type checker holds `post` to it; here is who publishes past the outbox."""
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "gateway").rglob("*.py")]
    called = [call for source in sources for call in re.findall(r"store_topic\(([^)]*)\)", source)]
    defined = "store: StoreName, kind: str"
    into_the_document = 'StoreName("{store}"'
    assert set(called) == {
        defined,
        into_the_document,
        "letter.store, letter.kind",
        "hook.store, Inward.EVENTS",  # the bridge, which speaks for a store
        "refusal.store, Outward.REJECTED",
    }


@pytest.mark.rule("G-14")
def test_no_topic_has_room_for_anything_about_a_person() -> None:
    """The levels are ours, a store's name or a node's; and a name has no plus."""
    for address in RECEIVED | SENT:
        levels = address.removeprefix(f"{PREFIX}/").split("/")
        assert {level for level in levels if level.startswith("{")} <= {"{store}", "{node}"}
        assert all(re.fullmatch(r"[a-z]+|\{(store|node)\}", level) for level in levels)
    assert not STORE_NAME.match("+447700900123")


@pytest.mark.rule("G-14")
def test_nothing_is_retained_but_presence() -> None:
    bindings = {
        name: (operation["bindings"]["mqtt"]["qos"], operation["bindings"]["mqtt"]["retain"])
        for name, operation in DOCUMENT["operations"].items()
    }
    assert bindings.pop("sendPresence") == (1, True)
    assert set(bindings.values()) == {(1, False)}


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.name)
def test_every_message_has_examples_and_they_hold(message: Any) -> None:
    assert message.examples
    for example in message.examples:
        assert faults(message.name, dict(example.payload)) == [], example.name
        message.model.model_validate(dict(example.payload))


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel.name)
def test_an_example_is_one_message_of_its_channel_and_no_other(channel: Any) -> None:
    for message in channel.messages:
        for example in message.examples:
            fitting = [
                other.name
                for other in channel.messages
                if not faults(other.name, dict(example.payload))
            ]
            assert fitting == [message.name], example.name


def test_every_code_is_explained() -> None:
    assert {fault.value for fault in Fault} | _codes_in_the_sources() == set(CODES)


def _codes_in_the_sources() -> set[str]:
    """Return the codes with which what came over MQTT is refused behind the door."""
    folders = ["dispatch", "consent"]
    sources = [
        path.read_text(encoding="utf-8")
        for folder in folders
        for path in (ROOT / "gateway" / folder).rglob("*.py")
        if path.parent.name != "restored"  # refused to an operator, who asks over no broker
    ]
    said = r'(?:RejectedError\(|refusal\(|forbid\(case, )\s*"(\w+)"'
    return {code for source in sources for code in re.findall(said, source)}


def test_the_page_for_store_developers_leaves_nothing_out() -> None:
    prose = re.sub(r"```.*?```", "", STORES, flags=re.DOTALL)
    named = set(re.findall(r"`([^`]+)`", prose))
    assert named >= RECEIVED | SENT
    assert set(CODES) <= named
    assert "api/asyncapi.json" in STORES


def test_writing_removes_the_schema_of_a_message_that_is_gone(tmp_path: Path) -> None:
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "gone.json").touch()
    write(tmp_path)
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.json")}
    assert written == set(render())


def test_the_command_says_how_it_is_called(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "usage" in capsys.readouterr().err
