"""``python -m bench.people``: a store of many persons, and how soon a segment's size is told.

    python -m bench.people fill /var/tmp/people.db --persons 1000000
    python -m bench.people look /var/tmp/people.db

``fill`` writes rows by SQL: three orders of two lines for each person on average, a consent of
nine in ten, a withdrawal of one in ten, scores, carts, views, tags and what was sent. ``look`` asks
what `shopbell segment size` asks. CPU counts, that of the database among it; wall-clock time does
not, as other programs may be at work.
"""

from __future__ import annotations

import argparse
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import process_time
from typing import Final

from sqlalchemy import Connection

from gateway.commerce.segments import Segment, preview
from gateway.db.engine import reading_engine, writing_engine
from gateway.db.migrate import migrate
from gateway.domain.ids import PersonId, StoreName

STORE: Final = StoreName("acme")
SEGMENTS: Final = (
    "true",
    "country = 'GB'",
    "spend > 500 and orders >= 3",
    "last_order_at < now() - interval '90 days'",
    "bought('category-3') and not tagged('vip')",
    "bought_product('p17', 90)",
    "churn_risk > 0.7 and value > 100",
    "consented('marketing.offers')",
    "has_cart and cart_value > 50",
    "clicks(30) > 0 or messages(30) = 0",
    "spend > 100 and bought('category-3', 365) and consented('marketing.offers')"
    " and churn_risk > 0.5 and country in ('GB', 'IE')",
)
_TIMES: Final = 1

_NUMBERS: Final = """
    WITH RECURSIVE n(key) AS (SELECT 1 UNION ALL SELECT key + 1 FROM n WHERE key < :rows)
"""
_PERSON: Final = "printf('person-%07d', key % :persons)"
_BUYER: Final = "printf('person-%07d', (key * 48271 % 1000003) % :persons)"
_DAYS: Final = "strftime('%Y-%m-%d %H:%M:%S.000000', :now - {} * 86400, 'unixepoch')"
_WHEN: Final = _DAYS.format("(1 + (key * 7919) % 729)")
_RECENT: Final = _DAYS.format("((key * 31) % 120)")
_TODAY: Final = _DAYS.format("0")

_ROWS: Final = (
    (
        "products", 5_000 / 1_000_000, "store, product_id, category, tags, discontinued,"
        " first_seen_at, changed_at",
        f"'{STORE}', 'p' || key, 'category-' || key % 20, '[]', 0, {_TODAY}, {_TODAY}",
    ),
    (
        "persons", 1, "store, person, number, country, language, minor, first_name, joined_at,"
        " changed_at",
        f"'{STORE}', {_PERSON}, printf('+4477009%08d', key),"
        f" substr('GBIEDEFRGBGB', 1 + 2 * (key % 6), 2), 'en', 0, 'Ann', {_WHEN}, {_TODAY}",
    ),
    (
        "orders", 3, "store, order_id, person, placed_at, status, status_at, total, items,"
        " changed_at",
        f"'{STORE}', 'o' || key, {_BUYER}, {_WHEN},"
        f" CASE WHEN key % 50 = 0 THEN 'cancelled' ELSE 'placed' END, {_TODAY},"
        f" ((key * 613) % 30000) * 100, 2, {_TODAY}",
    ),
    (
        "order_lines", 6, "store, order_id, line, product_id, category, quantity, price",
        f"'{STORE}', 'o' || (1 + key / 2), 1 + key % 2, 'p' || (1 + (key * 101) % 5000),"
        " 'category-' || ((1 + (key * 101) % 5000) % 20), 1, 100000",
    ),
    (
        "carts", 0.1, "store, cart_id, person, value, products, active_at, changed_at",
        f"'{STORE}', 'c' || key, {_PERSON}, (key % 200) * 10000,"
        f" '[{{\"product_id\": \"p1\"}}]', {_RECENT}, {_TODAY}",
    ),
    (
        "product_views", 0.5, "store, person, product_id, views, viewed_at",
        f"'{STORE}', {_PERSON}, 'p' || (1 + key % 5000), 1, {_RECENT}",
    ),
    (
        "person_words", 0.05, "store, person, kind, word",
        f"'{STORE}', {_PERSON}, 'tag', 'vip'",
    ),
    (
        "scores", 1, "store, person_id, churn, value, hours, best_hours, send_hour, buy_again,"
        " new_for_you, horizon_days, model_id, made_at",
        f"'{STORE}', {_PERSON}, (key % 100) / 100.0, key % 300, x'', 'now', key % 24, '[]', '[]',"
        f" 90, 'm', {_TODAY}",
    ),
    (
        "consent_events", 0.9, "store, person, purpose, action, at, recorded_at, payload, digest,"
        " previous, hash",
        f"'{STORE}', {_PERSON}, 'marketing.offers', 'granted', {_WHEN}, {_WHEN},"
        " '{\"basis\":\"consent\",\"confirmed\":true,\"method\":\"double_opt_in\","
        "\"text_version\":\"checkout-2026\"}', zeroblob(32), randomblob(32), zeroblob(32)",
    ),
    (
        "consent_events", 0.1, "store, person, purpose, action, at, recorded_at, payload, digest,"
        " previous, hash",
        f"'{STORE}', printf('person-%07d', (key * 9) % :persons), 'all', 'withdrawn', {_RECENT},"
        f" {_RECENT}, '{{\"method\":\"keyword\"}}', zeroblob(32), randomblob(32), zeroblob(32)",
    ),
    (
        "decisions", 1, "store, campaign, trigger, person, arm, probability, candidates, policy,"
        " outcome, products, decided_at",
        f"'{STORE}', 'campaign.a', 't' || key, {_PERSON}, 'a', 1, '{{}}', 'hash', 'sent', '[]',"
        f" {_RECENT}",
    ),
    (
        "links", 0.2, "token, store, kind, url, level, person, created_at, expires_at",
        f"'t' || key, '{STORE}', 'page', 'https://shop.example/', 'individual', {_PERSON},"
        f" {_TODAY}, {_TODAY}",
    ),
    (
        "clicks", 0.1, "token, store, at, machine",
        f"'t' || (1 + key % (:persons / 5)), '{STORE}', {_RECENT}, 0",
    ),
)  # fmt: skip
"""Table, rows for each person, columns, values."""


def fill(path: Path, persons: int) -> None:
    """Write a new database."""
    engine = writing_engine(f"sqlite:///{path}", enforce_keys=False)
    migrate(engine)
    engine.dispose()
    now = int(datetime.now(UTC).timestamp())
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -400000"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        for table, each, columns, values in _ROWS:
            written = f"INSERT INTO {table} ({columns}) {_NUMBERS} SELECT {values} FROM n"
            rows = int(persons * each)
            connection.execute(written, {"rows": rows, "persons": persons, "now": now})
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode = WAL")


def look(path: Path) -> None:
    """Tell how long the sizes of segments take."""
    engine = reading_engine(f"sqlite:///{path}")
    now = datetime.now(UTC)
    with engine.connect() as connection:
        print("| segment | persons | allow offers | CPU s |\n| --- | ---: | ---: | ---: |")
        for text in SEGMENTS:
            segment = Segment.parse(text)
            found = preview(segment, connection, STORE, now)
            took = _median(lambda one=segment: one.size(connection, STORE, now))  # type: ignore[misc]
            print(f"| `{text}` | {found.persons:,} | {found.allowing:,} | {took:.2f} |")
        whole = Segment.parse(SEGMENTS[-1])
        took = _median(lambda: preview(whole, connection, STORE, now))
        print(f"preview of the last, with who allows offers: {took:.2f} s of CPU")
        print(f"is one person in it: {1000 * _holds(connection, whole, now):.2f} ms")
    engine.dispose()


def _holds(connection: Connection, segment: Segment, now: datetime) -> float:
    people = [PersonId(f"person-{number:07d}") for number in range(0, 20_000, 100)]
    began = process_time()
    for person in people:
        segment.holds(connection, STORE, person, now)
    return (process_time() - began) / len(people)


def _median(work: Callable[[], object]) -> float:
    return median(map(_seconds, [work] * _TIMES))


def _seconds(work: Callable[[], object]) -> float:
    began = process_time()
    work()
    return process_time() - began


def main() -> None:
    """Fill, or look."""
    parser = argparse.ArgumentParser(prog="python -m bench.people", description=__doc__)
    parser.add_argument("what", choices=("fill", "look"))
    parser.add_argument("path", type=Path)
    parser.add_argument("--persons", type=int, default=1_000_000)
    options = parser.parse_args()
    if options.what == "fill":
        fill(options.path, options.persons)
    else:
        look(options.path)


if __name__ == "__main__":
    main()
