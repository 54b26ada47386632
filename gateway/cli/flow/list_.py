"""``shopbell flow list``: which flows a store has, and which could be added."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.cli.consent.who import StoreName, find_store
from gateway.cli.flow.reading import read_content
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import new_table, print_json, print_line, print_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.commerce.flows import Flow


def list_(store: StoreName = None, config: Config = DEFAULT_CONFIG, json: Json = False) -> None:
    """List the flows of a store, and those that are shipped and could be added."""
    from gateway.commerce.flows.loading import shipped_flows
    from gateway.commerce.flows.parsing import parse_flow
    from gateway.settings import load

    content = read_content(find_store(load(config), store))
    there = dict.fromkeys(content.flows.known, "runs")
    there |= dict.fromkeys(content.flows.faulty, "cannot be read")
    shipped = {
        name: parse_flow(name, text) for name, text in shipped_flows().items() if name not in there
    }
    there |= dict.fromkeys(shipped, "could be added")
    flows = {**shipped, **content.flows.known}
    if json:
        for name, state in there.items():
            print_json({"flow": name, "state": state} | _as_json(flows.get(name)))
        return
    _print(there, flows)


def _as_json(flow: Flow | None) -> dict[str, object]:
    if flow is None:
        return {}
    return {
        "on": flow.trigger,
        "wait_seconds": int(flow.wait.total_seconds()),
        "template": flow.message.template,
        "purpose": flow.message.purpose,
        "holdout": flow.design.holdout,
        "about": flow.about,
    }


def _print(there: Mapping[str, str], flows: Mapping[str, Flow]) -> None:
    from gateway.domain.duration import format_duration

    table = new_table("Flow", "State", "On", "Wait", "What for")
    for name, state in there.items():
        flow = flows.get(name)
        if flow is None:
            table.add_row(name, state, "", "", "see `shopbell flow check`")
        else:
            wait = format_duration(flow.wait) if flow.wait else ""
            table.add_row(name, state, flow.trigger, wait, flow.about)
    print_table(table)
    if "could be added" in there.values():
        print_line(
            "`shopbell flow add NAME` copies one into the shop's folder; from then on it runs"
        )
