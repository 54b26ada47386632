"""Whether a run may still send its message: pure functions over what is known. See `facts`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from gateway.commerce.flows.flow import MEANINGS, Flow, Word
from gateway.db.commerce.flow_runs import Run
from gateway.domain.ids import PersonId
from gateway.domain.shop import Reversal

TOO_LATE: Final = "too_late"
OTHER_ORDER: Final = "other_order"
NOT_IN_SEGMENT: Final = "not_in_segment"
REMOVED: Final = "flow_removed"
CHANGED: Final = "flow_changed"
TOO_SOON: Final = "too_soon"
NOTHING: Final = "nothing_to_recommend"
NOT: Final = "not_"
"""Before a word of `when` that is not so."""

ON: Final = "on"
"""In the subject of a run: what set it off, as the flow had it."""

_TAKEN_BACK: Final = frozenset(kind.value for kind in Reversal)


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What is known when a run is asked for; what is of no use to its flow is left as it is."""

    person: PersonId | None = None
    """None: whose number it is was not told yet."""
    cart_empty: bool = False
    cart_active_at: datetime | None = None
    cart_bought: bool = False
    ordered_since: bool = False
    """The person ordered after it was set off; of a cart: since its first activity."""
    order_status: str | None = None
    order_coupon: str | None = None
    credited: bool = False
    """The order counts as that of a friend whom a code brought."""
    orders: int = 0
    """Of the person that stand, up to the one that it is about."""
    parcel_status: str | None = None
    parcel_at: datetime | None = None
    price: Decimal | None = None
    sold_out: bool = False
    bought_product: bool = False
    churn: float | None = None


_Holds = Callable[[Flow, Run, Facts], bool]


def _bought(flow: Flow, run: Run, facts: Facts) -> bool:
    return facts.cart_bought or facts.ordered_since


def _changed(flow: Flow, run: Run, facts: Facts) -> bool:
    return facts.cart_active_at is not None and facts.cart_active_at > run.began_at


def _overtaken(flow: Flow, run: Run, facts: Facts) -> bool:
    if facts.parcel_status is None or facts.parcel_at is None:
        return False
    return facts.parcel_status != run.subject.get("status") and facts.parcel_at >= run.began_at


def _dearer(flow: Flow, run: Run, facts: Facts) -> bool:
    asked = run.subject.get("price")
    return asked is not None and facts.price is not None and facts.price > Decimal(asked)


_HOLDS: Final[Mapping[Word, _Holds]] = MappingProxyType(
    {
        Word.BOUGHT: _bought,
        Word.CART_EMPTY: lambda flow, run, facts: facts.cart_empty,
        Word.CART_CHANGED: _changed,
        Word.ORDER_CANCELLED: lambda flow, run, facts: facts.order_status in _TAKEN_BACK,
        Word.OVERTAKEN: _overtaken,
        Word.OUT_OF_STOCK: lambda flow, run, facts: facts.sold_out,
        Word.DEARER: _dearer,
        Word.BOUGHT_PRODUCT: lambda flow, run, facts: facts.bought_product,
        Word.ORDERED_SINCE: lambda flow, run, facts: facts.ordered_since,
        Word.RISK_LOW: lambda flow, run, facts: facts.churn is None or facts.churn < flow.risk,
        Word.FIRST_ORDER: lambda flow, run, facts: facts.orders <= 1,
        Word.NOT_CREDITED: lambda flow, run, facts: not facts.credited,
        Word.DISCOUNTED: lambda flow, run, facts: facts.order_coupon is not None,
    }
)


def is_of(flow: Flow, run: Run) -> bool:
    """Tell whether a run was set off by what its flow is for now: it may have been edited since."""
    return bool(run.subject.get(ON) == flow.trigger.value)


def begun_with(run: Run) -> datetime:
    """Return when what set a run off began: of a cart, its first activity; UTC."""
    since = run.subject.get("since")
    return run.began_at if since is None else datetime.fromisoformat(since)


def stands_against(flow: Flow, run: Run, facts: Facts, now: datetime) -> str | None:
    """Return what stands against the message of a run; None: nothing does.

    Args:
        flow: as it is now.
        run: what was set off.
        facts: what is known.
        now: the current instant, UTC.

    Returns:
        A word for programs; `sentence` has it for people.
    """
    if not is_of(flow, run):
        return CHANGED
    if now >= run.began_at + flow.within:
        return TOO_LATE
    for word in Word:  # in their order, so that the same is said each time
        if word in flow.unless and _HOLDS[word](flow, run, facts):
            return word.value
        if word in flow.when and not _HOLDS[word](flow, run, facts):
            return f"{NOT}{word}"
    if flow.nth_order is not None and facts.orders != flow.nth_order:
        return OTHER_ORDER
    return None


_SENTENCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        TOO_LATE: "it would come too late",
        OTHER_ORDER: "it is for another of the person's orders",
        NOT_IN_SEGMENT: "the person is not in the flow's segment",
        REMOVED: "the flow was removed",
        CHANGED: "the flow is for something else now",
        TOO_SOON: "the person got a message of this flow lately",
        NOTHING: "there is nothing to recommend",
    }
)


def sentence(code: str) -> str:
    """Return what stands against a message, for people."""
    if code in _SENTENCES:
        return _SENTENCES[code]
    if code.removeprefix(NOT) != code:
        return f"it is not so that {MEANINGS[Word(code.removeprefix(NOT))].words}"
    return MEANINGS[Word(code)].words
