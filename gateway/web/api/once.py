"""`Idempotency-Key`: the same request twice is done once (draft-ietf-httpapi-idempotency-key-07).

What was answered is kept for a day, also over a restart. What is done while the gateway is killed
is begun again by who asks again: each operation that is asked here bears that.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Final

import structlog
from fastapi import Header, Request
from pydantic import BaseModel
from sqlalchemy import Connection
from starlette.responses import Response

from gateway.access import Visitor
from gateway.db.console.answers import Asked, begin, finish, forget_answers, let_go, take_over
from gateway.domain.errors import ShopbellError, StorageError
from gateway.web.api.body import JSON
from gateway.web.errors import MEDIA_TYPE, ProblemError, problem_of
from gateway.web.house import House

log = structlog.get_logger(__name__)

KEPT: Final = timedelta(days=1)
SWEPT: Final = timedelta(minutes=10)

LONGEST: Final = timedelta(hours=2)
"""Nothing takes longer, so that what another gateway began before it will not end."""

REPLAYED: Final = {"Idempotent-Replayed": "true"}

_REFUSED: Final = 400
_OURS: Final = 500

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="The same request under the same key is done once; a random one for each.",
        min_length=1,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
        examples=["9f1c2d6e-5d0b-4b0c-8a68-3a1f1d5f9b11"],
    ),
]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered."""

    status: int
    content: BaseModel


class Once:
    """Does what is asked under a key once.

    Args:
        house: the gateway.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._run = secrets.token_hex(8)
        self._working: set[str] = set()
        self._swept: datetime | None = None

    async def do(
        self, request: Request, visitor: Visitor, work: Callable[[], Awaitable[Answer]]
    ) -> Response:
        """Return the answer to a request, doing the work where it was not done before.

        Raises:
            ProblemError: the key was used for something else, or for what is being done now.
            StorageError: it cannot be told whether it was done before.
        """
        key = request.headers.get("idempotency-key")
        if key is None:
            answer = await work()
            return _response(answer.status, answer.content.model_dump_json())
        asked = await self._asked(request, visitor, key)
        kept = await self._begin(asked)
        if kept is not None:
            return _response(*kept, headers=REPLAYED)
        return await self._work(asked, work)

    async def _asked(self, request: Request, visitor: Visitor, key: str) -> Asked:
        node = self._house.settings().gateway.node
        path = f"{request.method} {request.url.path} {request.url.query}"
        # Under the key, which is kept nowhere: nobody finds a number by trying all there are.
        digest = hmac.digest(key.encode(), await request.body(), "sha256")
        return Asked(
            token=visitor.actor,
            name=hashlib.sha256(f"{key} {path}".encode()).hexdigest(),
            digest=digest,
            status=None,
            body=json.dumps([node, self._run, secrets.token_hex(8)]),
            at=self._house.clock.now(),
        )

    async def _begin(self, asked: Asked) -> tuple[int, str] | None:
        """Return what was answered before; None: it is to be done, and nobody else does it."""
        await self._sweep(asked.at)
        former = await self._house.database.write(partial(begin, asked=asked))
        if former is None:
            return None
        if former.at <= asked.at - KEPT or self._is_lost(former, asked):
            if await self._house.database.write(partial(take_over, former=former, asked=asked)):
                return None
            raise _still()
        if former.digest != asked.digest:
            detail = "this Idempotency-Key was used for a request with another body"
            raise ProblemError(422, "idempotency_key_reused", detail, field="Idempotency-Key")
        if former.status is None or former.body is None:
            raise _still()
        return former.status, former.body

    def _is_lost(self, former: Asked, asked: Asked) -> bool:
        """Tell whether what was begun will not end: its gateway did, or could not write its end."""
        if former.status is not None:
            return False
        node, run, _ = json.loads(former.body or "")
        if node != self._house.settings().gateway.node:
            return former.at < asked.at - LONGEST
        return run != self._run or former.body not in self._working

    async def _work(self, asked: Asked, work: Callable[[], Awaitable[Answer]]) -> Response:
        assert asked.body is not None  # noqa: S101 -- while it is being done, it says by whom
        self._working.add(asked.body)
        try:
            status, body = await _done(work)
            await self._note(partial(finish, asked=asked, status=status, body=body))
        except BaseException:
            await self._note(partial(let_go, asked=asked))
            raise
        finally:
            self._working.discard(asked.body)
        return _response(status, body)

    async def _sweep(self, now: datetime) -> None:
        if self._swept is None or now - self._swept > SWEPT:
            self._swept = now
            await self._note(partial(forget_answers, before=now - KEPT))

    async def _note(self, change: Callable[[Connection], object]) -> None:
        """Write what is not worth an answer: what was done is done, whether it is noted or not."""
        try:
            await self._house.database.write(change)
        except StorageError as error:
            log.warning("answer_not_noted", reason=str(error))


async def _done(work: Callable[[], Awaitable[Answer]]) -> tuple[int, str]:
    """Return status and body of an answer, a refusal among them.

    Raises:
        ProblemError: it failed, and may go well another time.
    """
    try:
        answer = await work()
    except ShopbellError as error:
        problem = problem_of(error)
    except ProblemError as error:
        problem = error
    else:
        return answer.status, answer.content.model_dump_json()
    if problem.status_code >= _OURS:
        raise problem
    return problem.status_code, json.dumps(problem.document())


def _still() -> ProblemError:
    detail = "the request under this Idempotency-Key is still being done; ask again"
    return ProblemError(409, "still_being_done", detail, headers={"Retry-After": "1"})


def _response(status: int, body: str, headers: Mapping[str, str] | None = None) -> Response:
    return Response(body, status, headers, MEDIA_TYPE if status >= _REFUSED else JSON)


def once_of(request: Request) -> Once:
    """Return what keeps the answers of a request's application."""
    once: Once = request.app.state.once
    return once
