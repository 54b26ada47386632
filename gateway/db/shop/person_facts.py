"""What events tell of a person, a few facts at a time: of each the newest stands."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from gateway.db.prepared import Prepared
from gateway.db.shop.told import Facts, merge, stamp, stamp_of
from gateway.db.tables import PERSON_WORDS, PERSONS
from gateway.domain.ids import PersonId, StoreName

_IS = (PERSONS.c.store == bindparam("of"), PERSONS.c.person == bindparam("who"))
_FIND: Final = Prepared(select(PERSONS).where(*_IS))
_CHANGE: Final = Prepared(update(PERSONS).where(*_IS))
_ADD: Final = Prepared(insert(PERSONS))

_W = PERSON_WORDS.c
_WORDS: Final = Prepared(
    select(_W.kind, _W.word)
    .where(_W.store == bindparam("of"), _W.person == bindparam("who"))
    .order_by(_W.kind, _W.word)
)
_DROP_WORDS: Final = Prepared(
    delete(PERSON_WORDS).where(
        _W.store == bindparam("of"), _W.person == bindparam("who"), _W.kind == bindparam("what")
    )
)
_ADD_WORD: Final = Prepared(insert(PERSON_WORDS))

PREFERENCE: Final = "preference"
TAG: Final = "tag"

Words = Mapping[str, Sequence[str]]
"""By kind."""


def tell_person(
    connection: Connection,
    store: StoreName,
    person: PersonId,
    number: str,
    facts: Facts,
    words: Words,
    at: datetime,
) -> bool:
    """Keep what is told of a person.

    Args:
        connection: the transaction.
        store: whose person it is.
        person: the pseudonym.
        number: E.164.
        facts: by column of `persons`.
        words: each kind that is told, as a whole.
        at: when it was so; UTC.

    Returns:
        Whether anything is other than before.
    """
    row = _FIND.first(connection, {"of": store, "who": person})
    known = {} if row is None else row._asdict()
    stood = words_of(connection, store, person)
    before = {**known, **{kind: list(stood.get(kind, ())) for kind in words}}
    told = {**facts, **{kind: sorted(set(some)) for kind, some in words.items()}}
    stamps = _stamped(known, facts)
    merged = merge(before, stamps, told, at)
    other = dict(merged.values)
    for kind in other.keys() & words.keys():
        _put_words(connection, store, person, kind, other.pop(kind))
    seen = {"told_at": merged.told_at, "changed_at": max(at, known.get("changed_at", at))}
    if row is None:
        new = {"minor": False, **other, **seen, "number": number}
        _ADD.run(connection, {**new, "store": store, "person": person})
    else:
        _CHANGE.run(connection, {**other, **seen, "of": store, "who": person})
    return row is None or bool(merged.values)


def _stamped(known: Facts, facts: Facts) -> str:
    """Return the stamps of what stands; what came by another way than events is as new as its row.

    That nobody said that somebody is a minor is no fact.
    """
    stamps: dict[str, str] = json.loads(known.get("told_at") or "{}")
    for name in facts:
        if known.get(name) and name not in stamps:
            stamps[name] = stamp(known["changed_at"])
    return json.dumps(stamps)


def named_at(connection: Connection, store: StoreName, person: PersonId) -> datetime:
    """Return when a store told last what it calls a person whom it knows; UTC."""
    row = _FIND.first(connection, {"of": store, "who": person})
    assert row is not None  # noqa: S101 -- the caller has just read it
    told = stamp_of(row.told_at, "customer")
    return row.changed_at if told is None else told


def words_of(connection: Connection, store: StoreName, person: PersonId) -> Words:
    """Return what a store says of a person's tastes and calls them, by kind."""
    found: dict[str, list[str]] = {}
    for row in _WORDS.all(connection, {"of": store, "who": person}):
        found.setdefault(row.kind, []).append(row.word)
    return found


def forget_words(connection: Connection, store: StoreName, persons: Iterable[PersonId]) -> None:
    """Forget what a store says of persons."""
    for person in persons:
        for kind in (PREFERENCE, TAG):
            _put_words(connection, store, person, kind, ())


def _put_words(
    connection: Connection, store: StoreName, person: PersonId, kind: str, words: Sequence[str]
) -> None:
    named = {"store": store, "person": person, "kind": kind}
    _DROP_WORDS.run(connection, {"of": store, "who": person, "what": kind})
    _ADD_WORD.many(connection, [{**named, "word": word} for word in words])
