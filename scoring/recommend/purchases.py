"""Who bought what on which day, up to a cut-off: what the recommenders learn from.

Not responsible for which products may be recommended today (stock is the store's).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from scipy.sparse import csr_array

from scoring.features.clock import day_number, day_of
from scoring.features.source import Tables, of_store, the_store

MOST_ITEMS = 3_000
"""Products that are looked at, those with most buyers: what EASE needs grows with the square."""

LEAST = 10
"""Purchases below which a product is not recommended: too little is known of who likes it."""

LATELY = 14.0
"""Days in which a purchase comes to count half as "lately"."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Purchases:
    """Each product once for each day on which a person bought it."""

    person: NDArray[np.int32]
    """Row of `people`."""
    item: NDArray[np.int32]
    """Row of `items`."""
    age: NDArray[np.int32]
    """Days before the end of the cut-off's day: 0 on that day."""
    people: NDArray[Any]
    """person_ids, sorted."""
    items: NDArray[Any]
    """product_ids, sorted."""

    @classmethod
    def of(
        cls,
        person: Any,
        item: Any,
        age: Any,
        *,
        within: int = 365,
        least: int = LEAST,
        most_items: int = MOST_ITEMS,
        items: NDArray[Any] | None = None,
    ) -> Purchases:
        """Number persons and products, and leave out what is too rare or too old.

        Parameters
        ----------
        person, item : array-like of shape (n,)
            Ids, one a bought line.
        age : array-like of shape (n,)
            Whole days before the cut-off; what is negative came after it and is not seen.
        within : int, default 365
            Days that are looked at.
        least : int, default 10
            Lines that a product needs.
        most_items : int, default 3000
            Products at most, those with the most buyers.
        items : array of product_ids, optional
            Sorted; look at these instead, whatever their purchases.

        Examples
        --------
        >>> from scoring.recommend import Purchases
        >>> made = Purchases.of(["a", "a", "b"], ["tea", "cup", "tea"], [3, 9, 400], least=1)
        >>> made.people, made.items, made.matrix().toarray()
        (array(['a'], dtype=object), array(['cup', 'tea'], dtype=object), array([[1., 1.]]...
        """
        age = np.asarray(age)
        seen = (age >= 0) & (age < within)
        (who, people), (what, names) = _numbered(person), _numbered(item)
        who, what, age = who[seen], what[seen], age[seen]
        if items is None:
            items = names[_common(who, what, len(names), least, most_items)]
        what = pd.Index(items).get_indexer(pd.Index(names))[what]
        known = what >= 0
        key = (who[known].astype(np.int64) * max(len(items), 1) + what[known]) * within
        key, days = np.divmod(_once(key + age[known]), within)
        who, what = np.divmod(key, max(len(items), 1))
        made = cls(
            person=who.astype(np.int32),
            item=what.astype(np.int32),
            age=days.astype(np.int32),
            people=people,
            items=np.asarray(items),
        )
        return made._without_nobody()

    @property
    def shape(self) -> tuple[int, int]:
        """Persons and products."""
        return len(self.people), len(self.items)

    def matrix(self) -> csr_array:
        """Return who bought what at all, persons by products, of ones (float32)."""
        key = _once(self.person.astype(np.int64) * max(len(self.items), 1) + self.item)
        person, item = np.divmod(key, max(len(self.items), 1))
        start = np.searchsorted(person, np.arange(len(self.people) + 1))
        ones = np.ones(len(key), dtype=np.float32)
        return csr_array((ones, item.astype(np.int32), start.astype(np.int32)), shape=self.shape)

    def lately(self, half_life: float = LATELY) -> NDArray[np.float64]:
        """Return how much each product was bought lately, (items,): each purchase fades away."""
        faded = 2.0 ** (-self.age / half_life)
        return np.bincount(self.item, weights=faded, minlength=len(self.items))

    def before(self, days: int) -> Purchases:
        """Return what was known so many days earlier, of the same products."""
        old = self.age >= days
        earlier = Purchases(
            person=self.person[old],
            item=self.item[old],
            age=self.age[old] - np.int32(days),
            people=self.people,
            items=self.items,
        )
        return earlier._without_nobody()

    def bought_later(self, later: Purchases, days: int, *, again: bool = False) -> csr_array:
        """Return what these people bought in the days that followed, people by products.

        Parameters
        ----------
        later : Purchases
            Of the same products, up to `days` later.
        days : int
            How much later.
        again : bool, default False
            Only what they had bought before, instead of only what was new.
        """
        # numpy's isin compares each word with each other one.
        place = pd.Index(self.people).get_indexer(pd.Index(later.people))[later.person]
        rows = np.flatnonzero((later.age < days) & (place >= 0))
        ones = np.ones(len(rows), dtype=np.float32)
        wanted = csr_array((ones, (place[rows], later.item[rows])), shape=self.shape)
        wanted.data[:] = 1
        known = self.matrix().multiply(wanted).tocsr()
        wanted = known if again else csr_array(wanted - known)
        wanted.eliminate_zeros()
        return wanted

    def of_people(self, rows: NDArray[np.integer]) -> Purchases:
        """Return those of some people, who then are its only ones.

        Parameters
        ----------
        rows : array of int
            Of `people`, ascending.
        """
        place = np.full(len(self.people), -1, dtype=np.int32)
        place[rows] = np.arange(len(rows), dtype=np.int32)
        person = place[self.person]
        theirs = person >= 0
        return Purchases(
            person=person[theirs],
            item=self.item[theirs],
            age=self.age[theirs],
            people=self.people[rows],
            items=self.items,
        )

    def _without_nobody(self) -> Purchases:
        """Leave out persons without purchases."""
        there = np.bincount(self.person, minlength=len(self.people)) > 0
        return Purchases(
            person=(np.cumsum(there) - 1)[self.person].astype(np.int32),
            item=self.item,
            age=self.age,
            people=self.people[there],
            items=self.items,
        )


def read_purchases(
    lake: Tables,
    cutoff: Any,
    *,
    store: str | None = None,
    within: int = 365,
    least: int = LEAST,
    most_items: int = MOST_ITEMS,
    items: NDArray[Any] | None = None,
) -> Purchases:
    """Read the sales of a store's lake.

    Parameters
    ----------
    lake : Lake
        On any engine, with ``orders`` and ``order_lines``.
    cutoff : datetime.date or str
        The last day that is seen, on the wall clock of the person.
    store, within, least, most_items, items
        As `scoring.features.features` and `Purchases.of` have them.

    Returns
    -------
    Purchases
        Empty where the lake has no order lines.

    Raises
    ------
    ScoringError
        The lake has several stores and none is named.
    """
    last, name = day_number(cutoff), the_store(lake, store)
    near = [_near(of_store(lake, table, name), last, within) for table in ("orders", "order_lines")]
    orders, lines = near
    orders = orders.filter(orders.kind == "sale")
    days = orders.select("order_id", "person_id", day=day_of(orders.local_at))
    days = days.filter((days.day <= last) & (days.day > last - within))
    lines = lines.filter(lines.kind == "sale").select("order_id", "product_id")
    rows = days.join(lines, "order_id").select("person_id", "product_id", "day").to_pyarrow()
    return Purchases.of(
        rows["person_id"],
        rows["product_id"],
        last - rows["day"].to_numpy(),
        within=within,
        least=least,
        most_items=most_items,
        items=items,
    )


def _near(rows: Any, last: int, within: int) -> Any:
    """Leave out what is too old or too new in every time zone: only its months are then read."""
    begin, end = (pd.Timestamp(day, unit="D", tz="UTC") for day in (last - within, last + 2))
    return rows.filter((rows.ordered_at >= begin) & (rows.ordered_at < end))


def _numbered(ids: Any) -> tuple[NDArray[np.int32], NDArray[Any]]:
    """Return the number of each id, and the ids in order."""
    if not isinstance(ids, pa.ChunkedArray):
        numbers, names = pd.factorize(np.asarray(ids, dtype=object), sort=True)
        return numbers.astype(np.int32), np.asarray(names)
    # Arrow numbers millions of words without making Python's of them.
    coded = ids.combine_chunks().dictionary_encode()
    names = coded.dictionary.to_numpy(zero_copy_only=False)
    order = np.argsort(names)
    place = np.empty(len(order), dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return place[coded.indices.to_numpy()], names[order]


def _once(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return each key once, in order; numpy's unique hashes, which takes many times as long."""
    keys = np.sort(keys)
    return keys[np.diff(keys, prepend=keys[:1] - 1) > 0]


def _common(
    who: NDArray[np.int32], what: NDArray[np.int32], items: int, least: int, most: int
) -> NDArray[np.bool_]:
    """Return which products have enough lines and, of those, the most buyers."""
    enough = np.bincount(what, minlength=items) >= least
    pairs = _once(who.astype(np.int64) * max(items, 1) + what)
    buyers = np.where(enough, np.bincount(pairs % max(items, 1), minlength=items), 0)
    kept = np.zeros(items, dtype=bool)
    kept[np.argsort(-buyers, kind="stable")[:most]] = True
    return kept & (buyers > 0)
