"""Parts of a gateway that does not run, for a command that needs them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gateway.app.commerce import Commerce
from gateway.app.desks import PeopleDesks
from gateway.app.law import make_rules
from gateway.app.neighbours import claims_of, join_neighbours
from gateway.app.opening import open_database
from gateway.app.outlooks import look_at
from gateway.app.parts import stick_settings
from gateway.app.persons import make_person_desk
from gateway.app.queue import make_admission, make_context, make_shop_desk
from gateway.commerce.campaigns.document import Looked
from gateway.control.campaigns import CampaignDesk
from gateway.control.consents import ConsentDesk
from gateway.control.events import EventDesk
from gateway.control.persons import PersonDesk
from gateway.db import Database
from gateway.db.notes import DatabaseNotebook
from gateway.dispatch import (
    Admission,
    Dispatcher,
    Fleet,
)
from gateway.domain.errors import RejectedError
from gateway.domain.ids import ModemName, StoreName
from gateway.modem import Notes, Supervisor
from gateway.modem.lone import lone_modem
from gateway.settings import ModemSettings, Settings


@asynccontextmanager
async def offline_admission(settings: Settings) -> AsyncIterator[tuple[Admission, Database]]:
    """Open the queue of a gateway that does not run, to put a job into it.

    Raises:
        DatabaseInUseError: a gateway does run.
        StorageError: the database cannot be opened.
    """
    async with open_database(settings) as database:
        context = make_context(settings, database, make_rules(settings))
        yield make_admission(settings, context), database


@asynccontextmanager
async def offline_persons(settings: Settings) -> AsyncIterator[PersonDesk]:
    """Open the desk for persons on a database on which no gateway runs.

    What the last run left open is settled first: nothing may be at work on who is erased.

    Raises:
        DatabaseInUseError: a gateway does run.
        NodeInUseError: a gateway does run under this node's name.
        StorageError: the database cannot be opened.
    """
    async with open_database(settings) as database, join_neighbours(settings, database) as node:
        context = make_context(settings, database, make_rules(settings), claims_of(node))
        await Dispatcher(context, Fleet(plans={})).recover()
        yield make_person_desk(settings, context, None)


@asynccontextmanager
async def offline_consents(settings: Settings) -> AsyncIterator[ConsentDesk]:
    """Open the ledger of a gateway that does not run, to write into it.

    Raises:
        DatabaseInUseError: a gateway does run.
        KeyFileError: the ledger was written under a key that is not there.
        StorageError: the database cannot be opened.
    """
    async with open_database(settings) as database:
        context = make_context(settings, database, make_rules(settings))
        yield ConsentDesk(context, make_admission(settings, context))


@asynccontextmanager
async def offline_people(settings: Settings) -> AsyncIterator[PeopleDesks]:
    """Open the desks about persons of a gateway that does not run.

    Raises:
        DatabaseInUseError: a gateway does run.
        KeyFileError: the ledger was written under a key that is not there.
        StorageError: the database cannot be opened.
    """
    async with open_database(settings) as database:
        context = make_context(settings, database, make_rules(settings))
        admission = make_admission(settings, context)
        yield PeopleDesks(
            lambda: settings,
            context,
            admission,
            make_person_desk(settings, context, None),
            ConsentDesk(context, admission),
        )


@asynccontextmanager
async def offline_campaigns(settings: Settings) -> AsyncIterator[CampaignDesk]:
    """Open the campaigns of a gateway that does not run, to launch or to steer one.

    Raises:
        DatabaseInUseError: a gateway does run.
        KeyFileError: the ledger was written under a key that is not there.
        StorageError: the database cannot be opened.
    """
    async with open_database(settings) as database:
        rules = make_rules(settings)
        commerce = Commerce(settings, rules.gate)
        context = make_context(settings, database, rules, gate=commerce.gate)
        admission = make_admission(settings, context, writer=commerce.writer)
        works = commerce.put_to_work(context, admission)

        async def foresee(store: StoreName, name: str) -> Looked:
            return await look_at(settings, store, name, None)

        yield commerce.campaign_desk(rules, context, admission, works, foresee)


@asynccontextmanager
async def offline_events(settings: Settings) -> AsyncIterator[EventDesk]:
    """Open the tables of a gateway that does not run, to write what a shop's files say.

    Nothing hears of it: what is brought so is the past.

    Raises:
        DatabaseInUseError: a gateway does run.
        StorageError: the database cannot be opened.
    """
    async with open_database(settings) as database:
        context = make_context(settings, database, make_rules(settings))
        yield EventDesk(make_admission(settings, context, make_shop_desk(settings)))


@asynccontextmanager
async def offline_modem(settings: Settings, name: str) -> AsyncIterator[Supervisor]:
    """Open one modem of a gateway that does not run; what comes in is kept as the gateway would.

    Raises:
        RejectedError: the configuration has no such modem, or no port for it.
        DatabaseInUseError: a gateway does run.
        NodeInUseError: a gateway does run under this node's name.
        StorageError: the database cannot be opened.
        ModemError: it does not come into service.
    """
    modem = _configured(settings, name)
    async with open_database(settings) as database, join_neighbours(settings, database) as node:
        context = make_context(settings, database, make_rules(settings), claims_of(node))
        notes = Notes(DatabaseNotebook(database, context.clock))
        sink = Dispatcher(context, Fleet(plans={}))
        async with lone_modem(stick_settings(modem, settings), sink, notes) as supervisor:
            yield supervisor


def _configured(settings: Settings, name: str) -> ModemSettings:
    named = {modem.name: modem for modem in settings.modem if not modem.auto}
    if name not in named:
        known = ", ".join(named) or "none"
        reason = f"no [[modem]] with a port of its own has the name {name!r}; there are: {known}"
        raise RejectedError("unknown_modem", reason, field="name")
    return named[ModemName(name)]
