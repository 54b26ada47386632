"""What a form sends, read; and which sentence answers what was refused."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request

from gateway.domain.errors import RejectedError
from gateway.domain.redaction import redact_text


async def form_of(request: Request) -> Mapping[str, str]:
    """Return the texts of a form, without the blanks around them; files are left out."""
    sent = await request.form()
    return {name: value.strip() for name, value in sent.items() if isinstance(value, str)}


def said_of(error: RejectedError) -> str:
    """Return a refusal as a sentence for a page, without a number of a person."""
    sentence = redact_text(str(error))
    return sentence[:1].upper() + sentence[1:]
