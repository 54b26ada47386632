"""What is wrong with a configuration and what it names: for `check`, and for the doctor."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gateway.domain.errors import ConfigurationError, ContentError

if TYPE_CHECKING:
    from gateway.settings import Fault, Settings


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A configuration that was gone through."""

    settings: Settings | None
    """None where it is of no use."""
    faults: tuple[Fault | ContentError | ConfigurationError, ...] = ()
    advice: tuple[str, ...] = ()
    """What is allowed and may surprise."""

    @property
    def ok(self) -> bool:
        """Whether a gateway would start with it and say all that it shall."""
        return not self.faults


def check_configuration(file: Path, *, look: bool = True) -> Checked:
    """Go through a configuration and the shops' folders that it names.

    Args:
        file: the configuration.
        look: whether to look at this machine too, where what is seen would only be advice.
    """
    from gateway.settings import FaultyConfigurationError, advise, load

    try:
        settings = load(file)
    except FaultyConfigurationError as error:
        return Checked(settings=None, faults=tuple(error.faults))
    try:
        _check_socket(settings)
        _check_networks(settings)
        notes = _check_sims(settings)
    except ConfigurationError as error:
        return Checked(settings=settings, faults=(error,))
    advice = advise(settings, look=look)
    if look:
        advice = [*advice, *notes]
    return Checked(settings=settings, faults=tuple(_check_content(settings)), advice=tuple(advice))


def fault_as_json(fault: Fault | ContentError | ConfigurationError) -> dict[str, Any]:
    """Return a fault for programs."""
    if isinstance(fault, ContentError):
        file, place = fault.file, fault.place
        return _document(None if file is None else str(file), place, fault.reason)
    if isinstance(fault, ConfigurationError):
        return _document(None, None, str(fault))
    return dict(fault.as_json())


def _document(source: str | None, key: str | None, reason: str) -> dict[str, Any]:
    return {"source": source, "section": None, "key": key, "value": None, "reason": reason}


def _check_socket(settings: Settings) -> None:
    """Raise ConfigurationError where the control socket could not be made."""
    from gateway.control import socket_path

    socket_path(settings.database.beside)


def _check_networks(settings: Settings) -> None:
    """Raise ConfigurationError where a modem is for an operator that the number plan lacks."""
    from gateway.settings.numbers import number_plan

    number_plan(settings)


def _check_sims(settings: Settings) -> list[str]:
    """Return notes on the SIMs; raise ConfigurationError where the law forbids the gateway."""
    from gateway.consent.country import load_policies
    from gateway.consent.tenancy import require_tenancy, slot_notes

    policies, countries = load_policies(), settings.sim_countries
    for_others = settings.gateway.for_others
    require_tenancy(policies, [settings.gateway.country, *countries], for_others=for_others)
    return slot_notes(policies, countries)


def _check_content(settings: Settings) -> list[ContentError]:
    """Return what is wrong in the shops' folders: what cannot be read, and what cannot be said."""
    shops = [store for store in settings.store if store.shop_dir is not None]
    if not shops:
        return []
    from gateway.app.shops import content_of
    from gateway.cli.flow.reading import missing_of_flows
    from gateway.cli.template.reading import house_of
    from gateway.commerce.campaigns.preparing import missing
    from gateway.commerce.templates.lint import lint
    from gateway.consent.wording import Severity

    wrong: list[ContentError] = []
    for store in shops:
        content = content_of(store)
        remarks = lint(content.library, house_of(store, content))
        wrong += [*content.faults, *missing_of_flows(content), *missing(content)]
        wrong += [one.as_error() for one in remarks if one.severity is Severity.ERROR]
    return wrong
