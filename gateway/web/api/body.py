"""Bodies of requests: JSON read as strictly as what comes over MQTT, by models of the same kind."""

from __future__ import annotations

from typing import Any, Final, TypeVar

from fastapi import Request

from gateway.mqtt.document import Document, read_document
from gateway.mqtt.model import Payload, validate
from gateway.web.errors import ProblemError
from gateway.web.guard.gate import MOST_BODY

JSON: Final = "application/json"

P = TypeVar("P", bound=Payload)

BODIES: Final[dict[str, type[Payload]]] = {}
"""The models of bodies, for the document, by the names that they have in it."""


async def read_json(request: Request, most: int = MOST_BODY) -> Document:
    """Return the JSON object that a request brings.

    Raises:
        ProblemError: it says that it is something else.
        RejectedError: it is too large, no UTF-8, no JSON, no object, or holds a key twice.
    """
    said = request.headers.get("content-type", "")
    if said.partition(";")[0].strip().lower() != JSON:
        detail = f"the body must be {JSON}, and Content-Type must say so"
        raise ProblemError(415, "unsupported_media_type", detail, headers={"Accept": JSON})
    return read_document(await request.body(), most)


async def read_model(request: Request, model: type[P]) -> P:
    """Return what a request brings as a model.

    Raises:
        ProblemError: it says that it is something else.
        RejectedError: the first thing that is wrong with it.
    """
    return validate(model, await read_json(request))


def takes(model: type[Payload], example: Document) -> dict[str, Any]:
    """Return what the document says of a body, for `openapi_extra`."""
    BODIES[model.__name__] = model
    schema = {"$ref": f"#/components/schemas/{model.__name__}"}
    content = {JSON: {"schema": schema, "example": example}}
    return {"requestBody": {"required": True, "content": content}}
