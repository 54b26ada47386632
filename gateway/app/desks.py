"""The desks for whom a gateway writes to: conversations, persons, and what they say they allow."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gateway.control import Operation
from gateway.control.by_hand import HandDesk
from gateway.control.consents import ConsentDesk
from gateway.control.conversations import ConversationDesk
from gateway.control.people import PeopleDesk
from gateway.control.persons import PersonDesk
from gateway.dispatch import Admission, Context
from gateway.settings import Settings


class PeopleDesks:
    """The desks about persons, put together.

    Attributes:
        conversations: reads and answers what persons write.
        hand: writes down what they told an operator.

    Args:
        settings: gives what the gateway goes by now.
        context: the database, the time and the rules.
        admission: takes answers.
        persons: does what persons wish, and remembers who was looked at.
        consents: writes consents.
    """

    def __init__(
        self,
        settings: Callable[[], Settings],
        context: Context,
        admission: Admission,
        persons: PersonDesk,
        consents: ConsentDesk,
    ) -> None:
        identities, directory = persons.identities, persons.directory
        self.conversations = ConversationDesk(
            settings=settings,
            context=context,
            admission=admission,
            identities=identities,
            directory=directory,
        )
        self.hand = HandDesk(
            settings=settings,
            context=context,
            identities=identities,
            directory=directory,
            consents=consents,
        )
        self._people = PeopleDesk(
            settings=settings, context=context, identities=identities, directory=directory
        )

    def operations(self) -> Mapping[str, Operation]:
        """Return what may be asked, by name."""
        desks = (self.conversations, self.hand, self._people)
        return {name: do for one in desks for name, do in one.operations().items()}
