"""How much a line may send, and how fast lines may send together."""

from __future__ import annotations

from typing import Final, Self

from pydantic import model_validator

from gateway.domain.reserve import Reserve
from gateway.settings.section import Section
from gateway.settings.values import Count, Country, Kept, Label, Network, Pace, Store

DEFAULT_RESERVE: Final = Reserve.parse("10%")
"""A campaign that has used up the day must not keep persons from logging in, and nobody thinks of
that before it happens. A tenth is more than the one-time passwords of most shops; a budget of less
than ten parts keeps none, of which even one would be dear."""

_BUDGETS: Final = ("minute_limit", "hourly_limit", "daily_limit", "monthly_limit")


class Budgeted(Section):
    """The budgets of a ``[[modem]]`` or a ``[[carrier]]``, in parts; None: no limit."""

    minute_limit: Count | None = None
    hourly_limit: Count | None = None
    daily_limit: Count | None = None
    """In a local day of the box."""
    monthly_limit: Count | None = None
    """In a local month."""
    otp_reserve: Kept = DEFAULT_RESERVE
    """Of each of them, for one-time passwords alone."""

    @model_validator(mode="after")
    def _leave_something(self) -> Self:
        """Refuse a reserve that leaves nothing of a budget for anything else."""
        for key in _BUDGETS:
            limit = getattr(self, key)
            if limit is not None and self.otp_reserve.of(limit) >= limit:
                raise ValueError(
                    f"has otp_reserve = {self.otp_reserve}, which leaves nothing of {key} = "
                    f'{limit} for other messages; write fewer, or a share such as "10%"'
                )
        return self


class LimitSettings(Section):
    """One ``[[limit]]``: how fast lines may send together what is all that it names."""

    name: Label
    rate: Pace
    operator: Network | None = None
    """The network that the lines are in, as `shopbell modems` shows it."""
    country: Country | None = None
    """Whose calling code the recipients' numbers have."""
    store: Store | None = None

    @model_validator(mode="after")
    def _of_something(self) -> Self:
        """Refuse a limit of everything, which nobody would expect to find here."""
        if self.operator is None and self.country is None and self.store is None:
            raise ValueError(
                'says not what it limits; write operator = "Vodafone", country = "GB" or '
                'store = "acme"'
            )
        return self
