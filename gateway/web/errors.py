"""What went wrong, as a problem document (RFC 9457), and which status each refusal has.

    HTTPException
    └── ProblemError     an answer that is a problem: what the API and its guard raise

A `RejectedError` of the house becomes one by its code; whatever else is raised is `internal`.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import structlog
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from gateway.domain.errors import ContentError, RejectedError, ShopbellError, StorageError
from gateway.domain.redaction import redact_text

log = structlog.get_logger(__name__)

MEDIA_TYPE: Final = "application/problem+json"

TYPE: Final = "urn:shopbell:problem:{code}"
"""Names a kind of problem for ever; it leads nowhere, for a box has no address of its own."""

STORAGE_RETRY: Final = 5
"""Seconds after which what the database could not take may be asked again."""

_STATUS: Final[Mapping[str, HTTPStatus]] = {
    "not_json": HTTPStatus.BAD_REQUEST,
    "invalid_utf8": HTTPStatus.BAD_REQUEST,
    "too_deep": HTTPStatus.BAD_REQUEST,
    "duplicate_field": HTTPStatus.BAD_REQUEST,
    "too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "unknown_store": HTTPStatus.NOT_FOUND,
    "unknown_job": HTTPStatus.NOT_FOUND,
    "unknown_modem": HTTPStatus.NOT_FOUND,
    "unknown_campaign": HTTPStatus.NOT_FOUND,
    "unknown_message": HTTPStatus.NOT_FOUND,
    "unknown_person": HTTPStatus.NOT_FOUND,
    "unknown_alarm": HTTPStatus.NOT_FOUND,
    "unknown_operation": HTTPStatus.NOT_IMPLEMENTED,
    "conflict": HTTPStatus.CONFLICT,
    "too_late": HTTPStatus.CONFLICT,
    "withdrawn": HTTPStatus.CONFLICT,
    "busy": HTTPStatus.SERVICE_UNAVAILABLE,
    "storage": HTTPStatus.SERVICE_UNAVAILABLE,
    "internal": HTTPStatus.INTERNAL_SERVER_ERROR,
}
"""Of refusals that are not 422, by their code."""


class ProblemError(HTTPException):
    """An answer that is a problem document.

    Attributes:
        status_code: of HTTP.
        code: a stable word for programs, such as ``invalid_number``.
        field: the field at fault, or None when it is the whole.
        more: further members of the document.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        field: str | None = None,
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(int(status), detail, dict(headers or {}))
        self.code = code
        self.field = field
        self.more = dict(more or {})

    def document(self) -> dict[str, Any]:
        """Return what the answer says."""
        return {
            "type": TYPE.format(code=self.code),
            "title": HTTPStatus(self.status_code).phrase,
            "status": self.status_code,
            "detail": self.detail,
            "code": self.code,
            "field": self.field,
            **self.more,
        }

    def response(self) -> JSONResponse:
        """Return the answer."""
        return JSONResponse(
            self.document(), self.status_code, headers=self.headers, media_type=MEDIA_TYPE
        )


def problem_of(error: ShopbellError) -> ProblemError:
    """Return what is answered to what the house refused, or could not do."""
    if isinstance(error, RejectedError):
        return ProblemError(
            status_of(error.code), error.code, redact_text(str(error)), field=error.field
        )
    if isinstance(error, StorageError):
        return ProblemError(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "storage",
            "nothing was kept, because the database cannot be used now; ask again",
            headers={"Retry-After": str(STORAGE_RETRY)},
        )
    if isinstance(error, ContentError):
        return ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, "content", redact_text(str(error)))
    return ProblemError(HTTPStatus.BAD_GATEWAY, "failed", redact_text(str(error)))


def stumbled(event: str, **facts: str) -> ProblemError:
    """Write into the log what nobody foresaw; return what is answered: a word to find it by."""
    name = secrets.token_hex(8)
    log.exception(event, id=name, **facts)
    detail = f"the gateway stumbled over this; its log says how, at {name}"
    return ProblemError(500, "internal", detail, more={"instance": f"urn:shopbell:log:{name}"})


def status_of(code: str) -> HTTPStatus:
    """Return the status of a refusal."""
    return _STATUS.get(code, HTTPStatus.UNPROCESSABLE_ENTITY)
