"""What the contract of a carrier is tried on: the fake one, and the real one against a provider."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from support.provider import ACCOUNT, SENDER, TOKEN, Provider, Trick

from gateway.carrier import (
    CarriedState,
    Carrier,
    CarrierSettings,
    FakeCarrier,
    Refused,
    Step,
)
from gateway.carrier.client import HttpCarrier
from gateway.domain.clock import SystemClock
from gateway.domain.failures import FailureClass
from gateway.domain.ids import CarrierName

NAME = CarrierName("main")

STATUSES = {
    CarriedState.SENT: ("sent", None),
    CarriedState.DELIVERED: ("delivered", None),
    CarriedState.UNDELIVERED: ("undelivered", 30005),
}


def settings(provider: Provider, **fields: object) -> CarrierSettings:
    values = {
        "name": NAME,
        "url": provider.url,
        "account": ACCOUNT,
        "token": TOKEN,
        "sender": SENDER,
        "connect_timeout": 2.0,
        "answer_timeout": 2.0,
    }
    return CarrierSettings(**(values | fields))  # type: ignore[arg-type]


class World(Protocol):
    """A carrier, and what can be done to it."""

    carrier: Carrier

    @property
    def taken(self) -> list[str]:
        """The texts that it took, whatever it answered."""
        ...

    def refuse(self) -> None: ...

    def lose(self, *, taken: bool) -> None: ...

    def unplug(self) -> None: ...

    def settle(self, state: CarriedState) -> None: ...

    def receive(self, sender: str, text: str) -> None: ...

    def forget(self) -> None: ...


class FakeWorld:
    """The fake."""

    def __init__(self, provider: Provider) -> None:
        self.carrier = FakeCarrier(name=NAME)

    @property
    def taken(self) -> list[str]:
        return [carried.text for carried in self.carrier.messages]

    def refuse(self) -> None:
        refused = Refused(
            failure=FailureClass.PERMANENT,
            reason="carrier 21614 not a mobile number",
            of_destination=True,
        )
        self.carrier.script.append(Step(refused=refused))

    def lose(self, *, taken: bool) -> None:
        self.carrier.script.append(Step(lost=True, taken=taken))

    def unplug(self) -> None:
        self.carrier.script.append(Step(unreachable=True))

    def settle(self, state: CarriedState) -> None:
        reason = "carrier 30005 unknown destination" if state is CarriedState.UNDELIVERED else None
        self.carrier.settle(state, reason)

    def receive(self, sender: str, text: str) -> None:
        self.carrier.receive(sender, text)

    def forget(self) -> None:
        self.carrier.messages.clear()


class HttpWorld:
    """The real one."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self.carrier: Carrier = self._new(provider.url)

    def _new(self, url: str) -> HttpCarrier:
        return HttpCarrier(settings(self._provider, url=url, answer_timeout=0.5), SystemClock())

    @property
    def taken(self) -> list[str]:
        return self._provider.texts

    def refuse(self) -> None:
        self._provider.script.append(Trick(status=400, code=21614))

    def lose(self, *, taken: bool) -> None:
        self._provider.script.append(Trick(takes=taken, cut=True))

    def unplug(self) -> None:
        self.carrier = self._new("http://127.0.0.1:9/2010-04-01")

    def settle(self, state: CarriedState) -> None:
        status, code = STATUSES[state]
        self._provider.settle(status, code=code)

    def receive(self, sender: str, text: str) -> None:
        self._provider.receive(sender, text)

    def forget(self) -> None:
        self._provider.messages.clear()


AGO = timedelta(hours=1)
