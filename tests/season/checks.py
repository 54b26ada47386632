"""What must be true at the end of a season, counted on what the simulated network saw.

Each check returns what is against it, in words; a good season returns nothing anywhere.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from shop import Shop

from season.network import Sms
from season.record import Job, Made, Record

ANSWERS: Final = frozenset({"reply", "opt_in"})
"""Scopes of what the gateway writes because somebody wrote to it."""

CLOSED: Final = frozenset({date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)})
"""Bank holidays of England that fall on no Sunday; the season ends before Easter."""

OPEN, SHUT = time(9), time(20)

CAPS: Final = ((2, timedelta(hours=24)), (6, timedelta(days=7)))

ON_ITS_WAY: Final = timedelta(seconds=15)
"""What was being handed over when somebody wrote STOP could not be called back."""

CART: Final = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Explained:
    """An SMS and what it is."""

    sms: Sms
    job: Job
    decision: Made | None

    @property
    def campaign(self) -> str:
        """What it is of."""
        return self.job.campaign or ""


class Checks:
    """A season's end.

    Args:
        record: what the database says.
        sent: what the network saw.
        shop: what is true.
    """

    def __init__(self, record: Record, sent: list[Sms], shop: Shop) -> None:
        self.record, self.shop = record, shop
        self.unexplained: list[str] = []
        self.explained = list(self._explain(sent))
        self.marketing = [one for one in self.explained if one.job.purpose == "marketing"]
        self.answers = [one for one in self.explained if one.job.scope in ANSWERS]
        self.decided: dict[str, list[Made]] = defaultdict(list)
        for made in record.decisions:
            self.decided[made.campaign].append(made)

    def _explain(self, sent: list[Sms]) -> Iterator[Explained]:
        """Find for each SMS its job, each job once, and for each job its one decision."""
        jobs: dict[tuple[str, str], list[Job]] = defaultdict(list)
        for job in self.record.jobs:
            jobs[job.to, job.text].append(job)
        for sms in sent:
            found = jobs[sms.to, sms.text]
            if not found:
                self.unexplained.append(f"nothing asked for {sms}")
                continue
            yield self._explained(sms, found.pop(0))

    def _explained(self, sms: Sms, job: Job) -> Explained:
        if job.scope in ANSWERS:
            return Explained(sms, job, None)
        decisions = self.record.by_job[job.id]
        sending = [made for made in decisions if made.outcome == "sent"]
        if len(decisions) != 1 or len(sending) != 1:
            self.unexplained.append(f"{job.id} has the decisions {decisions}")
            return Explained(sms, job, None)
        return Explained(sms, job, sending[0])

    def all(self) -> dict[str, list[str]]:
        """Return all that is wrong, by what is against."""
        checks: Mapping[str, Callable[[], Iterator[str]]] = {
            "consent": self.without_consent,
            "hours": self.out_of_hours,
            "stop": self.after_stop,
            "caps": self.over_caps,
            "cart": self.of_carts,
            "holdout": self.to_holdouts,
            "sticky": self.not_sticky,
            "triggers": self.decided_twice,
        }
        found = {name: list(check()) for name, check in checks.items()}
        found["explained"] = self.unexplained
        return {name: wrong[:5] for name, wrong in found.items() if wrong}

    def without_consent(self) -> Iterator[str]:
        """Marketing to whom never allowed it."""
        for one in self.marketing:
            allowed = self.shop.customers[one.sms.to].consents
            if f"marketing.{one.job.scope or 'offers'}" not in allowed:
                yield f"{one.campaign} {one.job.scope} to somebody who allows {sorted(allowed)}"

    def out_of_hours(self) -> Iterator[str]:
        """Marketing at night, on a Sunday or on a bank holiday of the person's own clock."""
        for one in self.marketing:
            local = one.sms.at.astimezone(ZoneInfo(self.shop.customers[one.sms.to].zone))
            if not (OPEN <= local.time() < SHUT) or local.weekday() == 6 or local.date() in CLOSED:
                yield f"{one.campaign} at {local}"

    def after_stop(self) -> Iterator[str]:
        """Marketing to whom wrote STOP."""
        for one in self.marketing:
            stopped = self.shop.phones.stops.get(one.sms.to)
            if stopped is not None and one.sms.at > stopped + ON_ITS_WAY:
                yield f"{one.campaign} at {one.sms.at}, STOP at {stopped}"

    def over_caps(self) -> Iterator[str]:
        """More marketing to one person than the caps allow."""
        times: dict[str, list[datetime]] = defaultdict(list)
        for one in self.marketing:
            times[one.sms.to].append(one.sms.at)
        for sent in times.values():
            for most, span in CAPS:
                for first, last in zip(sent, sent[most:], strict=False):
                    if last - first < span - ON_ITS_WAY:
                        yield f"{most + 1} from {first} to {last}"

    def of_carts(self) -> Iterator[str]:
        """A second message about a cart, one after the purchase, one too late or too early."""
        about: Counter[str] = Counter()
        bought = {order.basket: order for order in self.shop.trade.orders}
        for one in self.marketing:
            if one.job.scope != "cart" or one.decision is None:
                continue
            cart = cart_of(one.decision)
            about[cart] += 1
            basket, order = self.shop.trade.baskets[cart], bought.get(cart)
            if order is not None and one.sms.at > order.known_at + ON_ITS_WAY:
                yield f"about {cart} at {one.sms.at}, bought at {order.known_at}"
            if not basket.left_at <= one.sms.at <= basket.left_at + CART + ON_ITS_WAY:
                yield f"about {cart} at {one.sms.at}, left at {basket.left_at}"
        yield from (f"{count} about {cart}" for cart, count in about.items() if count > 1)

    def to_holdouts(self) -> Iterator[str]:
        """Something of an experiment to whom it holds out."""
        got = {(one.campaign, one.sms.to) for one in self.explained}
        for campaign, decisions in self.decided.items():
            for made in decisions:
                number = self.record.numbers.get(made.person)
                if made.outcome == "held" and (campaign, number) in got:
                    yield f"{campaign} to {made.person}, who is held out"

    def not_sticky(self) -> Iterator[str]:
        """Somebody in two arms of one experiment, among the same candidates."""
        for campaign, decisions in self.decided.items():
            arms: dict[tuple[str, tuple[str, ...]], set[str]] = defaultdict(set)
            for made in decisions:
                if made.arm:
                    arms[made.person, tuple(sorted(made.candidates))].add(made.arm)
            yield from (f"{campaign}: {one}" for one in arms.values() if len(one) > 1)

    def decided_twice(self) -> Iterator[str]:
        """A trigger with two decisions, or a decision whose arm was no candidate."""
        named = Counter((made.campaign, made.trigger) for made in self.record.decisions)
        yield from (f"{count} for {name}" for name, count in named.items() if count > 1)
        for made in self.record.decisions:
            if made.arm and made.candidates.get(made.arm) != made.probability:
                yield f"{made.campaign}: {made.arm} at {made.probability} of {made.candidates}"

    def messages(self, campaign: str) -> list[Explained]:
        """Return what went out of a flow or a campaign."""
        return [one for one in self.explained if one.campaign == campaign]


def cart_of(made: Made) -> str:
    """Return the cart that a decision about one is about: its trigger is ``cart:ID:INSTANT``."""
    return made.trigger.split(":")[1]
