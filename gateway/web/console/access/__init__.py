"""The pages on who may look and act: signing in, accounts, users, tokens, the audit log."""

from collections.abc import Sequence
from typing import Final

from fastapi import APIRouter

from gateway.web.console.access import account, audit, entry, tokens, users

ROUTERS: Final[Sequence[APIRouter]] = (
    entry.router,
    account.router,
    users.router,
    tokens.router,
    audit.router,
)

__all__ = ["ROUTERS"]
