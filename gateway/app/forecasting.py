"""What a forecast stands on: the same rules as sending, for a process that only reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from gateway.app.law import keys_of, make_rules
from gateway.app.parts import line_plans, line_routes, plan_of_found, shared_limits
from gateway.app.routing import make_router
from gateway.consent.rulebook import Rulebook
from gateway.db.known_lines import KnownLines
from gateway.db.lines import read_lines
from gateway.dispatch import Fleet
from gateway.dispatch.forecast.available import UNSEEN, Available, Stable
from gateway.dispatch.forecast.forecast import Forecast
from gateway.dispatch.forecast.forecaster import Forecaster
from gateway.dispatch.forecast.question import Question
from gateway.domain.destination import Destinations
from gateway.domain.ids import LineId, ModemName
from gateway.settings import Settings
from gateway.settings.numbers import number_plan


def make_forecaster(settings: Settings, rules: Rulebook) -> Forecaster:
    """Return what answers for a gateway of these settings."""
    fleet = Fleet(plans=line_plans(settings), found=plan_of_found(settings))
    return Forecaster(
        gate=rules.gate,
        hours_of=rules.openings,
        stable=Stable(fleet=fleet, rules=rules.lines, zone=settings.gateway.zone),
        router=make_router(settings),
        known=KnownLines(keys_of(settings)),
        destinations=Destinations(line_routes(settings), number_plan(settings)),
        limits=shared_limits(settings),
    )


def forecast(
    connection: Connection,
    settings: Settings,
    questions: Sequence[Question],
    modems: Iterable[Mapping[str, Any]] | None,
    now: datetime,
) -> Forecast:
    """Return what would become of some questions' messages.

    Args:
        connection: for reading.
        settings: of the gateway.
        questions: what is asked, see `Forecaster.ask`.
        modems: as the running gateway describes them; None where none runs, and all that are
            configured are taken to be there.
        now: the current instant, UTC.
    """
    rules = make_rules(settings)
    rules.lines.refresh(connection)
    lines = (
        _configured(connection, settings)
        if modems is None
        else [_live(modem) for modem in modems if modem["state"] == "ready"]
    )
    lines += [Available(line=one.line, modem=ModemName(one.line)) for one in settings.carrier]
    return make_forecaster(settings, rules).ask(connection, questions, lines, now)


def _live(modem: Mapping[str, Any]) -> Available:
    health = modem.get("health")
    return Available(
        line=LineId(modem["line"]),
        modem=ModemName(modem["name"]),
        operator=modem.get("operator"),
        health=UNSEEN if health is None else float(health["score"]),
    )


def _configured(connection: Connection, settings: Settings) -> list[Available]:
    """Return the line that each configured modem held last, or one that nobody has seen yet."""
    held = {record.modem: record.id for record in read_lines(connection)}
    names = [ModemName(modem.name) for modem in settings.modem if not modem.auto]
    return [Available(line=held.get(name, LineId(f"modem:{name}")), modem=name) for name in names]
