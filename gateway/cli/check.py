"""``shopbell check``: is the configuration right, and if not, what is to be done?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import print_json, print_line, remark

if TYPE_CHECKING:
    from gateway.domain.errors import ContentError
    from gateway.settings import FaultyConfigurationError, Settings


def check(config: Config = DEFAULT_CONFIG, json: Json = False) -> None:
    """Validate the configuration.

    Names the file, the key, the value and the remedy of every fault.
    """
    from gateway.settings import FaultyConfigurationError, advise, load

    try:
        settings = load(config)
    except FaultyConfigurationError as error:
        _report(error, json=json)
        raise typer.Exit(1) from None
    _check_socket(settings)
    _check_networks(settings)
    advice = [*advise(settings), *_check_sims(settings)]
    wrong = _check_content(settings)
    if wrong:
        _report_content(wrong, advice, json=json)
        raise typer.Exit(1)
    if json:
        print_json({"ok": True, "faults": [], "advice": advice})
        return
    print_line(f"{config} is right: {_summary(settings)}")
    for sentence in advice:
        print_line(f"note: {sentence}")


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


def _report_content(wrong: list[ContentError], advice: list[str], *, json: bool) -> None:
    for error in wrong:
        remark(str(error))
    if json:
        faults = [
            {
                "source": None if error.file is None else str(error.file),
                "section": None,
                "key": error.place,
                "value": None,
                "reason": error.reason,
            }
            for error in wrong
        ]
        print_json({"ok": False, "faults": faults, "advice": advice})


def _report(error: FaultyConfigurationError, *, json: bool) -> None:
    remark(str(error))
    if json:
        faults = [fault.as_json() for fault in error.faults]
        print_json({"ok": False, "faults": faults, "advice": []})


def _summary(settings: Settings) -> str:
    modems = ", ".join(modem.name for modem in settings.modem) or "none"
    stores = ", ".join(store.name for store in settings.store) or "none"
    database = settings.database.file or settings.database.url
    return (
        f"node {settings.gateway.node}; broker {settings.mqtt.url}; "
        f"database {database}; modems {modems}; stores {stores}"
    )
