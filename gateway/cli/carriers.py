"""The carriers, as ``shopbell modems`` shows them below the modems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from gateway.cli.output import new_table, print_table
from gateway.cli.pacing import describe_pace, paced
from gateway.cli.standing import counted, standing

if TYPE_CHECKING:
    from gateway.settings import CarrierSettings

_COLUMNS: Final = ("Carrier", "State", "Sender", "Serves", "Rate", "Counters")


def describe_carriers(
    carriers: Sequence[CarrierSettings], live: Sequence[Mapping[str, Any]], absent: str
) -> list[dict[str, Any]]:
    """Join what is configured with how it is.

    Args:
        carriers: of the configuration.
        live: what a running gateway tells.
        absent: the state of those that it tells nothing of.
    """
    states = {state["name"]: state for state in live}
    return [{**_describe(one), **states.get(one.line, {"state": absent})} for one in carriers]


def print_carriers(rows: Sequence[Mapping[str, Any]]) -> None:
    """Print what `describe_carriers` gave as a table; nothing where there are none."""
    if not rows:
        return
    table = new_table(*_COLUMNS)
    for row in rows:
        counters = counted(row.get("counters", {}))
        table.add_row(row["name"], standing(row), row["sender"], _serves(row), paced(row), counters)
    print_table(table)


def _describe(carrier: CarrierSettings) -> dict[str, Any]:
    return {
        "name": carrier.line,
        "url": carrier.url,
        "sender": carrier.sender,
        **describe_pace(carrier),
        "routes": list(carrier.routes),
        "purposes": sorted(carrier.purposes),
    }


def _serves(row: Mapping[str, Any]) -> str:
    return f"{', '.join(row['purposes'])} to {', '.join(row['routes']) or 'every number'}"
