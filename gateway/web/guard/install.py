"""Puts the guard before a site."""

from __future__ import annotations

from fastapi import FastAPI

from gateway.access.accounts import Accounts
from gateway.web.guard.gate import Gate
from gateway.web.guard.refusals import (
    ForbiddenError,
    SignInNeededError,
    ask_to_sign_in,
    say_forbidden,
)
from gateway.web.house import House


def install_guard(site: FastAPI) -> None:
    """Have a site answer what its routes refuse; its state has the house."""
    house: House = site.state.house
    site.state.accounts = Accounts(house.database, house.clock)
    site.add_middleware(Gate, house=house)
    answer_refusals(site)


def answer_refusals(site: FastAPI) -> None:
    """Have a site, or an application within one that has the guard, say whom it does not let in."""
    site.add_exception_handler(SignInNeededError, ask_to_sign_in)
    site.add_exception_handler(ForbiddenError, say_forbidden)
