"""``shopbell modems``: each modem's identity, network, signal, rate, state and counters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from gateway.cli.carriers import describe_carriers, print_carriers
from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import new_table, print_json, print_line, print_table, remark
from gateway.cli.pacing import describe_pace, paced
from gateway.cli.standing import counted, standing

if TYPE_CHECKING:
    from gateway.settings import ModemSettings, Settings

_RESETS: Final = ("radio", "restart", "power")

_COLUMNS: Final = (
    *("Modem", "State", "Model", "IMEI", "Network"),
    *("Signal", "Health", "Balance", "Rate", "Counters"),
)

WITHOUT_GATEWAY: Final = "gateway not running"
WITHOUT_STICK: Final = "no stick found"


def modems(config: Config = DEFAULT_CONFIG, json: Json = False) -> None:
    """Show the modems and the carriers, and how they are."""
    from gateway.settings import load

    settings = load(config)
    found = run_async(_ask(settings))
    carriers = run_async(_ask_of_carriers(settings)) if settings.carrier else []
    if json:
        for one in (*found, *carriers):
            print_json(one)
        return
    if found:
        _print_table(found)
        _print_notes(found)
    else:
        print_line("the configuration has no [[modem]]")
    print_carriers(carriers)


async def _ask_of_carriers(settings: Settings) -> list[dict[str, Any]]:
    from gateway.control import NoGatewayError, ask, socket_path

    try:
        live = await ask(socket_path(settings.database.beside), "carriers")
    except NoGatewayError:
        live = []
    return describe_carriers(settings.carrier, live, WITHOUT_GATEWAY)


async def _ask(settings: Settings) -> list[dict[str, Any]]:
    from gateway.control import NoGatewayError, ask, socket_path

    try:
        states = await ask(socket_path(settings.database.beside), "modems")
    except NoGatewayError:
        country = settings.gateway.country
        return [_describe(one, {"state": WITHOUT_GATEWAY}, country) for one in settings.modem]
    named = {modem.name for modem in settings.modem}
    live = {state["name"]: state for state in states}
    found = [state for state in states if state["name"] not in named]
    country = settings.gateway.country
    return [row for modem in settings.modem for row in _rows(modem, live, found, country)]


def _rows(
    modem: ModemSettings,
    live: Mapping[str, Mapping[str, Any]],
    found: Sequence[Mapping[str, Any]],
    country: str,
) -> list[dict[str, Any]]:
    """Describe what an entry stands for: one modem, or every stick that was found."""
    if modem.auto:
        sticks = found or [{"state": WITHOUT_STICK}]
        return [_describe(modem, state, country) for state in sticks]
    return [_describe(modem, live.get(modem.name, {"state": WITHOUT_GATEWAY}), country)]


def _describe(modem: ModemSettings, state: Mapping[str, Any], country: str) -> dict[str, Any]:
    """Join what is configured with how it is; a SIM's own country is worth more than ours."""
    configured: dict[str, Any] = {
        "name": modem.name,
        "port": modem.port,
        **describe_pace(modem),
        "routes": list(modem.routes),
        "country": modem.country or country,
    }
    return {**configured, **state}


def _print_table(found: Sequence[Mapping[str, Any]]) -> None:
    table = new_table(*_COLUMNS)
    for modem in found:
        identity = modem.get("identity") or {}
        table.add_row(
            modem["name"],
            standing(modem),
            " ".join(filter(None, [identity.get("manufacturer"), identity.get("model")])),
            identity.get("imei") or "",
            modem.get("operator") or "",
            _signal(modem.get("signal_dbm")),
            _health(modem.get("health")),
            _balance(modem.get("balance")),
            paced(modem),
            _learned(counted({**modem.get("counters", {}), **_resets(modem)}), modem),
        )
    print_table(table)


def _print_notes(found: Sequence[Mapping[str, Any]]) -> None:
    from gateway.consent.country import load_policies
    from gateway.consent.tenancy import slot_notes

    for note in slot_notes(load_policies(), [modem["country"] for modem in found]):
        remark(f"note: {note}")


def _resets(modem: Mapping[str, Any]) -> Mapping[str, int]:
    """How often it had to be brought back; a port that was opened anew is nothing to tell."""
    rungs = modem.get("recoveries") or {}
    return {f"{rung} resets": rungs[rung] for rung in _RESETS if rung in rungs}


def _balance(balance: Mapping[str, Any] | None) -> str:
    return "" if balance is None else f"{balance['amount']} {balance['unit']}".rstrip()


def _learned(counters: str, modem: Mapping[str, Any]) -> str:
    """The counters with how many of the reports that were asked for lately came."""
    ratio = modem.get("report_ratio")
    if not ratio:
        return counters
    percent = f"{100 * ratio['reported'] // ratio['asked']} % of {ratio['asked']} reported"
    return ", ".join(filter(None, [counters, percent]))


def _signal(dbm: int | None) -> str:
    return "" if dbm is None else f"{dbm} dBm"


def _health(health: Mapping[str, Any] | None) -> str:
    """The score, and where the line is not well what pulls it down."""
    if health is None:
        return ""
    why = "; ".join(health["why"])
    return (
        f"{health['score']:.2f} ({why})" if why and not health["good"] else f"{health['score']:.2f}"
    )
