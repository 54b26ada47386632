"""The desk for the rights of persons and for the end of what is kept."""

from __future__ import annotations

from gateway.app.law import keys_of
from gateway.consent.retention import Periods
from gateway.control.persons import PersonDesk, make_desk
from gateway.dispatch import Context
from gateway.dispatch.rights import Reach
from gateway.modem.shelves import Shelves
from gateway.mqtt.retained import Retained
from gateway.mqtt.settings import MqttSettings
from gateway.settings import Settings


def make_person_desk(settings: Settings, context: Context, shelves: Shelves | None) -> PersonDesk:
    """Return the desk on a database.

    Args:
        settings: what the gateway is made of.
        context: the database, the time and the rules.
        shelves: what the modems store; None where no gateway runs that could ask them.
    """
    retained = Retained(MqttSettings.of(settings)).forget
    unasked = () if shelves is not None else tuple(str(modem.name) for modem in settings.modem)
    return make_desk(
        context,
        keys=keys_of(settings),
        url=settings.database.address,
        periods=periods_of(settings),
        traces=settings.gateway.trace_dir,
        reach=Reach(shelves=shelves, modems=unasked, places={"retained messages": retained}),
    )


def periods_of(settings: Settings) -> Periods:
    """Return how long each class of what is kept is kept."""
    return Periods(**settings.retention.model_dump())
