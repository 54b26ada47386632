"""What is to be known of the numbers that lines may send to."""

from __future__ import annotations

from gateway.domain.errors import ConfigurationError
from gateway.domain.networks import NumberPlan, UnknownNetworkError, read_plan
from gateway.settings.model import Settings


def number_plan(settings: Settings) -> NumberPlan:
    """Return what is to be known of recipients' operators: nothing where no line asks.

    Raises:
        ConfigurationError: a modem is for an operator that there is not.
    """
    try:
        return read_plan(name for modem in settings.modem for name in modem.networks)
    except UnknownNetworkError as error:
        modem = next(one for one in settings.modem if error.name in one.networks)
        raise ConfigurationError(f"[[modem]] {modem.name} networks: {error}") from None
