"""What a person allows: the words of the ledger.

An event says what changed for one person, one store and one purpose. What a person allows now is
derived from the events (`gateway.consent.standing`) and kept nowhere.

A purpose of the ledger is finer than a job's: ``marketing.cart`` is the scope ``cart`` of the
purpose ``marketing``. ``marketing`` stands for all marketing, and ``all`` for everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from gateway.domain.clock import require_aware
from gateway.domain.ids import Campaign, JobId, LineId, PersonId, StoreName
from gateway.domain.purpose import Purpose


class Scope(StrEnum):
    """What a job is about, within its purpose."""

    OFFERS = "offers"
    RESTOCK = "restock"
    CART = "cart"
    ORDER = "order"
    REPLY = "reply"
    """Our own answer to a STOP, a HELP or a YES; no store can ask for it."""
    OPT_IN = "opt_in"
    """Our own question of a double opt-in, which a store has us ask; it ends with marketing."""
    ALARM = "alarm"
    """What the gateway tells its operator, who is no customer and asked for it in the file."""
    LOOP = "loop"
    """What one own line sends to another, to see whether it comes."""


HOUSE_SCOPES: Final = frozenset({Scope.ALARM, Scope.LOOP})
"""What is between the gateway and those who run it: no consent, window or cap is about it."""

OWN_SCOPES: Final = frozenset({Scope.REPLY, Scope.OPT_IN}) | HOUSE_SCOPES
"""What we write without a job of a store; no store is told a status of it."""

UNASKED_SCOPES: Final = frozenset({Scope.REPLY}) | HOUSE_SCOPES
"""What goes out whatever the ledger says: a person who writes is answered, and whoever runs the box
hears of it."""

DEFAULT_SCOPE: Final = {
    Purpose.MARKETING: Scope.OFFERS,
    Purpose.TRANSACTIONAL: Scope.ORDER,
    Purpose.OTP: Scope.ORDER,
}
"""The scope of a job that names none."""

ASKED_SCOPES: Final = {
    Purpose.MARKETING: frozenset({Scope.OFFERS, Scope.RESTOCK, Scope.CART}),
    Purpose.TRANSACTIONAL: frozenset({Scope.ORDER}),
    Purpose.OTP: frozenset({Scope.ORDER}),
}
"""The scopes that a store's job may name."""

ALL: Final = "all"
MARKETING: Final = "marketing"
TRACKING: Final = "tracking"
PROFILING: Final = "profiling"
SERVICE: Final = "transactional.order"

PURPOSES: Final = (
    "marketing.offers",
    "marketing.restock",
    "marketing.cart",
    SERVICE,
    TRACKING,
    PROFILING,
    MARKETING,
    ALL,
)
"""Every purpose that an event may name (COMPLIANCE.md G-2); the wildcards last."""


def purpose_of(purpose: Purpose, scope: Scope | None) -> str:
    """Return the ledger's purpose of a job.

    Args:
        purpose: the job's.
        scope: the job's; None for its purpose's default.
    """
    prefix = MARKETING if purpose is Purpose.MARKETING else "transactional"
    return f"{prefix}.{scope or DEFAULT_SCOPE[purpose]}"


def covers(wide: str, narrow: str) -> bool:
    """Tell whether what is said of one purpose is said of another, too."""
    return wide in (ALL, narrow) or narrow.startswith(f"{wide}.")


class Action(StrEnum):
    """What changed."""

    REQUESTED = "requested"
    """A double opt-in was begun: the person was asked and has not answered."""
    GRANTED = "granted"
    WITHDRAWN = "withdrawn"
    OBJECTED = "objected"
    """To marketing and to profiling for it (Art. 21 GDPR)."""
    RESTRICTED = "restricted"
    UNRESTRICTED = "unrestricted"
    ERASED = "erased"
    """Nothing is kept of the person but this fingerprint."""
    DEACTIVATED = "deactivated"
    """The network says that nobody has the number."""


class Basis(StrEnum):
    """On which ground a grant stands."""

    CONSENT = "consent"
    SOFT_OPT_IN = "soft_opt_in"
    """An existing customer's, for similar products (Art. 13(2) ePrivacy)."""


class Method(StrEnum):
    """How a change came to us."""

    FORM = "form"
    IMPORT = "import"
    EVENT = "event"
    """The store told it over MQTT."""
    OPERATOR = "operator"
    LINK = "link"
    KEYWORD = "keyword"
    NEAR = "near"
    """Nearly a keyword."""
    FREE_TEXT = "free_text"
    """Words that a reasonable person would take for it; a human looks at them."""
    DOUBLE_OPT_IN = "double_opt_in"
    REPORT = "report"
    """The network's delivery reports."""
    RETENTION = "retention"
    """The person was silent for so long that the consent is kept no more (G-12)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentEvent:
    """One change of what a person allows (COMPLIANCE.md G-1)."""

    store: StoreName
    person: PersonId
    purpose: str
    """One of `PURPOSES`."""
    action: Action
    method: Method
    at: datetime
    """When the person did it; UTC."""
    basis: Basis = Basis.CONSENT
    confirmed: bool = False
    """Whether the person answered a message to this very number (double opt-in)."""
    until: datetime | None = None
    """Until when a grant holds that ends by itself (CA-1); None: until it is taken back."""
    text_version: str | None = None
    """Which wording the person agreed to."""
    text_digest: str | None = None
    """SHA-256 of that wording, hex."""
    language: str | None = None
    """BCP 47, such as ``de``."""
    source: str | None = None
    """Where: the URL of a form, the name of a file."""
    actor: str | None = None
    """Who wrote it down: ``person``, a store, an operator."""
    evidence: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    """What proves it, as JSON has it: ids of messages, instants of the service centre, an order.
    Never a number, never a text of the person."""

    def __post_init__(self) -> None:
        require_aware("at", self.at)
        if self.purpose not in PURPOSES:
            raise ValueError(f"purpose is {self.purpose!r}; right: one of {', '.join(PURPOSES)}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """An event as it stands in the ledger."""

    key: int
    """Rises with each."""
    event: ConsentEvent
    recorded_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What the gate is asked: may this store write this to this person?"""

    store: StoreName
    recipient: str
    """E.164."""
    purpose: Purpose
    job: JobId
    scope: Scope | None = None
    category: str | None = None
    """Of the products that it is about; a soft opt-in holds for similar ones only (E-1)."""
    campaign: Campaign | None = None
    """What it belongs to; a flow or a campaign of ours may have more to say to it."""
    parts: int = 1
    text: str = ""
    line: LineId | None = None
    """The line that is about to hand it over; None at admission."""
    begun: bool = False
    """Whether a part of it may be out already; then it is finished or ended, and not put off."""

    @property
    def ledger_purpose(self) -> str:
        """The purpose that the ledger knows it by."""
        return purpose_of(self.purpose, self.scope)

    @property
    def is_service(self) -> bool:
        """Whether it is no marketing."""
        return self.purpose is not Purpose.MARKETING


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A change to be written, and whose number it is about where that is known."""

    event: ConsentEvent
    number: str | None = None
    """E.164; waiting jobs to it are looked at, and its store is told. It is not kept."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AutoReply:
    """A message of our own: in answer to a person's, or to whoever runs the box."""

    id: JobId
    """Unique with the store; made of the id of what it answers."""
    store: StoreName
    to: str
    """E.164."""
    text: str
    line: LineId | None
    """The line that the person wrote to, over which the answer goes; None for any."""
    expires_at: datetime
    """Past it nothing is sent (US-4: five minutes)."""
    scope: Scope = Scope.REPLY
    """`Scope.OPT_IN` for a question that no message of the person's called for; one of
    `HOUSE_SCOPES` for what is no person's."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """A message that a person sent, whole."""

    id: str
    """What stores know it by."""
    sender: str
    """E.164 where that could be told; else as the network wrote it."""
    text: str
    line: LineId
    received_at: datetime
    sent_at: datetime | None
    """When the service centre took it, by its clock; UTC."""
    stores: tuple[StoreName, ...]
    """All stores of this gateway."""
    answered: tuple[StoreName, JobId] | None
    """The job that it seems to answer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reaction:
    """What follows from what a person wrote."""

    changes: tuple[Change, ...] = ()
    replies: tuple[AutoReply, ...] = ()
