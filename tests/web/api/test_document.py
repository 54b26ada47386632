"""The document in the repository is what the models say, and says all there is to say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest
from support.scanner import numbers_in

from gateway.web.api.files import NAME, render
from gateway.web.errors import MEDIA_TYPE

FILE: Final = Path(__file__).parents[3] / "docs" / "api" / NAME
DOCUMENT: Final[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
OPERATIONS: Final = [
    (f"{method} {path}", operation)
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
]


def test_the_copy_in_the_repository_is_up_to_date() -> None:
    assert FILE.read_text(encoding="utf-8") == render(), "run `make api`"


@pytest.mark.parametrize(("name", "operation"), OPERATIONS, ids=[name for name, _ in OPERATIONS])
def test_each_operation_is_described(name: str, operation: dict[str, Any]) -> None:
    assert operation["operationId"]
    assert operation["summary"].endswith(".") or operation["summary"].count(":") == 1
    assert len(operation["tags"]) == 1
    for status in ("401", "403", "422", "429", "500", "503"):
        named = operation["responses"][status]["$ref"].rpartition("/")[2]
        assert MEDIA_TYPE in DOCUMENT["components"]["responses"][named]["content"]
    if name.startswith("post"):
        [body] = operation["requestBody"]["content"].values()
        assert body["example"]
        assert {"400", "409", "413", "415"} <= set(operation["responses"])


def test_no_two_operations_have_one_name() -> None:
    names = [operation["operationId"] for _, operation in OPERATIONS]
    assert len(set(names)) == len(names)


def test_every_field_of_a_body_is_described() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    bodies = {
        body["schema"]["$ref"].rpartition("/")[2]
        for _, operation in OPERATIONS
        for body in operation.get("requestBody", {}).get("content", {}).values()
    }
    assert "JobPayload" in bodies
    missing = [
        f"{body}.{name}"
        for body in sorted(bodies)
        for name, field in schemas[body]["properties"].items()
        if "description" not in field and "$ref" not in field and "enum" not in field
    ]
    assert not missing


def test_no_number_stands_in_an_address() -> None:
    for name, operation in OPERATIONS:
        for parameter in operation.get("parameters", ()):
            assert parameter["name"] not in ("number", "phone", "to", "from"), name


def test_every_number_in_it_is_nobodys() -> None:
    found = numbers_in(FILE.read_text(encoding="utf-8"))
    assert found
    assert {number[:10] for number in found} == {"+447700900"}
