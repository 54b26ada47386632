"""The OpenAPI document: what the routes say, with what holds for all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from gateway.mqtt.asyncapi.words import words_of
from gateway.web.api.body import BODIES
from gateway.web.api.model import Problem, Told
from gateway.web.errors import MEDIA_TYPE

VERSION: Final = "1.0.0"
"""Of the interface; it is not that of the gateway."""

REFS: Final = "#/components/schemas/{model}"

Document = dict[str, Any]

_TEXT: Final = (
    "What stores and programs ask a Shopbell gateway over HTTP. The fields of a job, and the codes "
    "of refusals, are those of the MQTT interface. Whatever goes wrong is a problem document "
    "(RFC 9457) whose `code` is a stable word. Instants are RFC 3339, UTC. A token that is bound "
    "to a store sees and does that store's things alone."
)

_TAGS: Final = (
    ("jobs", "Messages to persons: submitted, looked at, taken back."),
    ("messages", "What is queued and was sent, and what persons wrote."),
    ("campaigns", "What is said to many at once, and what it was worth."),
    ("people", "What persons allow, and what they may ask for."),
    ("conversations", "What persons wrote, and answers to them."),
    ("box", "Modems, carriers and alarms."),
    ("me", "Who is asking."),
)

_SECURITY: Final = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "shopbell_<id>_<secret>",
        "description": "A token, made in the console or by `shopbell token add`.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "shopbell",
        "description": "Of a browser that signed in to the console (over TLS: `__Host-shopbell`).",
    },
}

_PROBLEMS: Final = {
    "400": "The body is no JSON.",
    "401": "Nobody is known by what was shown.",
    "403": "Who asks may not.",
    "404": "There is no such thing, or it is another store's.",
    "409": "It contradicts how things stand, or is still being done.",
    "413": "The body is too large.",
    "415": "The body is not said to be JSON.",
    "421": "The gateway is not known under this name.",
    "422": "A parameter or a field is wrong, or it is refused.",
    "429": "Too many requests; Retry-After says when to ask again.",
    "500": "The gateway stumbled over it; its log has `instance`.",
    "503": "The database cannot be used now; Retry-After says when to ask again.",
}

_ALWAYS: Final = ("401", "403", "404", "421", "422", "429", "500", "503")
_OF_BODY: Final = ("400", "409", "413", "415")
_OF_DELETE: Final = ("409",)

_NAMED: Final = "Problem{}"

_HEADERS: Final = {
    name: {"description": text, "schema": {"type": "string"}}
    for name, text in (
        ("RateLimit-Policy", "Requests at once, `q`, and in how many seconds, `w`."),
        ("RateLimit", "Requests that are left, `r`, and seconds until all are again, `t`."),
    )
}


def describe(routers: Sequence[APIRouter], prefix: str) -> Document:
    """Return the document of some routers that are served under a prefix."""
    app = FastAPI(openapi_url=None)
    for router in routers:
        app.include_router(router)
    used = {tag for router in routers for tag in router.tags}
    document = get_openapi(
        title="Shopbell",
        version=VERSION,
        description=_TEXT,
        routes=app.routes,
        tags=[{"name": name, "description": text} for name, text in _TAGS if name in used],
        servers=[{"url": prefix}],
    )
    schemas = document["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    models: list[type[BaseModel]] = [*BODIES.values(), Problem]
    for model in models:
        schema = model.model_json_schema(ref_template=REFS)
        schemas |= schema.pop("$defs", {}) | {model.__name__: schema}
    for model in (*BODIES.values(), *_told(Told)):
        _say(schemas.get(model.__name__, {}), model)
    document["components"]["schemas"] = {name: schemas[name] for name in sorted(schemas)}
    document["components"]["responses"] = {
        _NAMED.format(status): _problem(text) for status, text in sorted(_PROBLEMS.items())
    }
    document["components"]["securitySchemes"] = _SECURITY
    document["security"] = [{name: []} for name in _SECURITY]
    for method, operation in _operations(document):
        _complete(method, operation)
    return _tidy(document)  # type: ignore[no-any-return]


def _operations(document: Document) -> Iterator[tuple[str, Document]]:
    for path in document["paths"].values():
        yield from path.items()


def _complete(method: str, operation: Document) -> None:
    """Add what holds for every operation, and what holds for all of its method."""
    operation["summary"], _, more = operation["description"].partition("\n\n")
    operation["description"] = more or operation["summary"]
    answers = {
        status: answer | {"headers": _HEADERS}
        for status, answer in operation["responses"].items()
        if status < "300"
    }
    wrong = [*_ALWAYS, *{"post": _OF_BODY, "delete": _OF_DELETE}.get(method, ())]
    answers |= {
        status: {"$ref": f"#/components/responses/{_NAMED.format(status)}"} for status in wrong
    }
    operation["responses"] = dict(sorted(answers.items()))


def _problem(text: str) -> Document:
    schema = {"$ref": REFS.format(model=Problem.__name__)}
    return {"description": text, "content": {MEDIA_TYPE: {"schema": schema}}}


def _told(base: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """Yield the models of answers."""
    for model in base.__subclasses__():
        yield model
        yield from _told(model)


def _say(schema: Document, model: type[BaseModel]) -> None:
    """Say of each field what its source says."""
    said = words_of(model)
    for name, field in schema.get("properties", {}).items():
        if name in said:
            field.setdefault("description", said[name])


def _tidy(node: Any) -> Any:
    """Leave out titles that only repeat a name, and join lines of texts."""
    if isinstance(node, list):
        return [_tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    tidy = {
        key: _tidy(value)
        for key, value in node.items()
        if not (key == "title" and isinstance(value, str))
    }
    if isinstance(words := tidy.get("description"), str):
        tidy["description"] = " ".join(words.split())
    return tidy
