"""Puts the guard before a site."""

from __future__ import annotations

from fastapi import FastAPI

from gateway.access.accounts import Accounts
from gateway.web.guard.gate import Gate, Page
from gateway.web.guard.refusals import (
    ForbiddenError,
    SignInNeededError,
    ask_to_sign_in,
    say_forbidden,
)
from gateway.web.house import House


def install_guard(site: FastAPI, page: Page) -> None:
    """Put the gate before all that a site has by now, whose state has the house.

    Args:
        site: what is guarded.
        page: shows a person a fault of ours.
    """
    house: House = site.state.house
    site.state.accounts = Accounts(house.database, house.clock)
    site.add_middleware(Gate, house=house, page=page)
    site.add_exception_handler(SignInNeededError, ask_to_sign_in)


def answer_refusals(api: FastAPI) -> None:
    """Have an application for programs, within a site that has the guard, say what they lack."""
    api.add_exception_handler(SignInNeededError, ask_to_sign_in)
    api.add_exception_handler(ForbiddenError, say_forbidden)
