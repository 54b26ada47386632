"""The records of processing (GDPR Art. 30; COMPLIANCE.md G-16), written from the data map.

A record in law needs two things that no program knows: how the controller is reached, and what the
operator does outside of this box. Their places are left open and say so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from gateway.consent.datamap.holding import Holding, Keep

_OPEN: Final = "…"

_HEAD: Final = """# Records of processing

By Art. 30 GDPR, made from the data map of Shopbell (`shopbell person records`). What stands as … is
for the operator to fill in.
"""

_PERSONS: Final = """## Whose data

Persons who buy or bought from a store, or left it their number, and persons who write to its SIMs.
No special categories (Art. 9) are asked for; what a person writes may have any.
"""

_ABROAD: Final = """## Transfers to third countries

None by the gateway itself. A number abroad is written to over the networks that lead there; a
carrier or a broker that is configured elsewhere is one: …
"""

_MEASURES: Final = """## Measures (Art. 32)

- Numbers are in the database and nowhere else on this box: logs mask them, and neither topics, file
  names nor errors have any.
- Analysts get pseudonyms; the key lies apart from the lake.
- Stores are kept apart by the broker's access list, by credentials of their own and over TLS.
- Only the gateway's own user and root read the database, its key and its socket.
- What is too old goes by itself; deleted rows are overwritten.
- Backups, disk encryption, access to the box: …
"""


_DONE: Final = (
    "## What is done, and why\n",
    "| what for | data | where | ground | who is given it | kept | when the person is erased |",
    "| --- | --- | --- | --- | --- | --- | --- |",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Controller:
    """Whose data it is: one store."""

    name: str
    country: str


def render_records(
    holdings: Iterable[Holding],
    controllers: Sequence[Controller],
    how_long: Callable[[Keep], str],
) -> str:
    """Return the records, as Markdown.

    Args:
        holdings: the data map.
        controllers: the stores; none in an example.
        how_long: says for how long a class is kept.
    """
    rows = [_row(holding, how_long) for holding in holdings if holding.personal]
    return "\n".join(
        [_HEAD, _controllers(controllers), _PERSONS, *_DONE, *rows, "", _ABROAD, _MEASURES]
    )


def _controllers(controllers: Sequence[Controller]) -> str:
    rows = [f"| {each.name} | {each.country} | {_OPEN} |" for each in controllers]
    table = ["| controller | country | contact |", "| --- | --- | --- |"]
    return "\n".join(["## Who\n", *table, *(rows or [f"| {_OPEN} | {_OPEN} | {_OPEN} |"]), ""])


def _row(holding: Holding, how_long: Callable[[Keep], str]) -> str:
    cells = [
        holding.purpose,
        holding.data,
        f"{holding.kind} {holding.place}",
        holding.basis,
        "; ".join(holding.recipients) or "nobody",
        how_long(holding.keep),
        holding.erased,
    ]
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
