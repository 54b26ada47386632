"""The figures of a report, computed again from the raw tables by another engine, to the cent."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import Connection, select
from support.measured import BEGIN, STORE, Past
from support.world import World

from gateway.commerce.report.figures import Report
from gateway.commerce.report.measure import Question, measure
from gateway.db.tables import Table
from gateway.domain.ids import Campaign, LineId, StoreName
from gateway.domain.tariff import Tariff

duckdb = pytest.importorskip("duckdb")

NOW = BEGIN + timedelta(days=16)
SINCE, UNTIL = BEGIN, BEGIN + timedelta(days=10)
WINDOW = timedelta(days=7)
PRICES = {"8944000000000000001": "0.0400", "8944000000000000002": "0.0790"}
"""Of a part, by line."""

TABLES = (
    *("decisions", "jobs", "archived_jobs", "parts", "archived_parts"),
    *("attempts", "archived_attempts", "links", "clicks", "coupons", "orders", "consent_events"),
)

PREPARE = """
CREATE VIEW mine AS SELECT * FROM decisions
    WHERE store = 'acme' AND campaign = $campaign AND decided_at >= $since AND decided_at < $until;
CREATE VIEW all_jobs AS SELECT * FROM jobs UNION ALL SELECT * FROM archived_jobs;
CREATE VIEW all_parts AS SELECT * FROM parts UNION ALL SELECT * FROM archived_parts;
CREATE VIEW all_attempts AS SELECT * FROM attempts UNION ALL SELECT * FROM archived_attempts;
CREATE VIEW good_orders AS
    SELECT order_id, person, placed_at, greatest(revenue - coalesce(refunded, 0), 0) AS worth
    FROM orders
    WHERE currency = 'GBP' AND status NOT IN ('cancelled', 'failed', 'trash') AND person IS NOT NULL
      AND placed_at >= $since;
CREATE VIEW touched AS
    SELECT d.key, d.campaign, d.person, max(p.settled_at) AS at, 1 AS rank,
        INTERVAL 24 HOUR AS lasts
    FROM decisions d JOIN all_jobs j ON j.id = d.job AND j.state = 'delivered'
    JOIN all_parts p ON p.job_key = j.key WHERE d.decided_at >= $since GROUP BY ALL
  UNION ALL
    SELECT d.key, d.campaign, d.person, c.at, 2, INTERVAL 5 DAY
    FROM clicks c JOIN links l USING (token) JOIN decisions d ON d.key = l.decision_key
    WHERE NOT c.machine AND c.at >= $since;
CREATE VIEW by_code AS
    SELECT o.order_id, d.key FROM good_orders o JOIN coupons k USING (order_id)
    JOIN decisions d ON d.key = k.decision_key WHERE k.redeemed_at >= $since;
CREATE VIEW by_touch AS
    SELECT o.order_id, arg_max(t.key, (t.at, t.rank, t.key)) AS key
    FROM good_orders o JOIN touched t USING (person)
    WHERE t.at <= o.placed_at AND o.placed_at < t.at + t.lasts GROUP BY ALL;
CREATE VIEW credited AS
    SELECT * FROM by_code
    UNION ALL SELECT * FROM by_touch WHERE order_id NOT IN (SELECT order_id FROM by_code);
"""

SOLD = """
SELECT m.arm, count(*), count(DISTINCT o.person), sum(o.worth)
FROM credited c JOIN mine m USING (key) JOIN good_orders o USING (order_id) GROUP BY ALL
"""
COSTS = """
SELECT m.arm, count(*), sum(CASE a.line WHEN '8944000000000000001' THEN 0.0400 ELSE 0.0790 END)
FROM mine m JOIN all_jobs j ON j.id = m.job JOIN all_parts p ON p.job_key = j.key
JOIN all_attempts a ON a.part_key = p.key WHERE a.outcome <> 'not_sent' GROUP BY ALL
"""
FOLLOWED = """
SELECT m.arm, count(DISTINCT m.key) FROM mine m JOIN links l ON l.decision_key = m.key
JOIN clicks c USING (token) WHERE NOT c.machine GROUP BY ALL
"""
REFUSED = """
WITH sent AS (
    SELECT d.key, d.person, min(p.handed_at) AS at FROM decisions d
    JOIN all_jobs j ON j.id = d.job JOIN all_parts p ON p.job_key = j.key
    WHERE p.handed_at IS NOT NULL AND d.decided_at >= $since GROUP BY ALL
), noes AS (
    SELECT e.key, e.person, arg_max(s.key, (s.at, s.key)) AS message,
        row_number() OVER (PARTITION BY e.person ORDER BY e.at, e.key) AS nth
    FROM (SELECT row_number() OVER () AS key, * EXCLUDE key FROM consent_events) e
    JOIN sent s ON s.person = e.person AND s.at <= e.at AND e.at < s.at + INTERVAL 5 DAY
    WHERE e.action <> 'granted' AND e.purpose <> 'tracking' AND e.at >= $since
    GROUP BY e.key, e.person, e.at
)
SELECT m.arm, count(*) FROM noes n JOIN mine m ON m.key = n.message WHERE n.nth = 1 GROUP BY ALL
"""
LIFTED = """
SELECT m.arm, count(DISTINCT m.person), count(DISTINCT o.person), coalesce(sum(o.worth), 0)
FROM mine m LEFT JOIN good_orders o ON o.person = m.person
    AND o.placed_at > m.decided_at AND o.placed_at <= m.decided_at + INTERVAL 7 DAY
WHERE m.arm <> '' AND m.decided_at + INTERVAL 7 DAY <= $now GROUP BY ALL
"""


class Engine:
    """DuckDB on the raw tables."""

    def __init__(self, connection: Connection, campaign: str) -> None:
        self.db = duckdb.connect()
        for name in TABLES:
            self.db.register(name, _arrow(connection, name))
        self.values = {"campaign": campaign, "since": SINCE, "until": UNTIL, "now": NOW}
        for statement in PREPARE.split(";"):
            if statement.strip():
                self.db.execute(self._filled(statement))

    def _filled(self, statement: str) -> str:
        """DuckDB takes no parameters in a view."""
        for name, value in self.values.items():
            written = value if isinstance(value, str) else value.isoformat()
            kind = "" if isinstance(value, str) else "TIMESTAMPTZ "
            statement = statement.replace(f"${name}", f"{kind}'{written}'")
        return statement

    def ask(self, query: str) -> dict[str, tuple[Any, ...]]:
        """Return the rows of a query by their arm."""
        rows = self.db.execute(self._filled(query)).fetchall()
        return {arm: tuple(figures) for arm, *figures in rows}


def _arrow(connection: Connection, name: str) -> pa.Table:
    table = Table.metadata.tables[name]
    rows = connection.execute(select(table)).mappings().all()
    columns = {
        column.name: pa.array([_plain(row[column.name]) for row in rows], _TYPES.get(column.name))
        for column in table.columns
    }
    return pa.table(columns)


def _plain(value: object) -> object:
    return value.astimezone(UTC) if isinstance(value, datetime) else value


_MONEY = pa.decimal128(18, 4)
_AT = pa.timestamp("us", tz="UTC")
_TYPES = {
    **dict.fromkeys(("total", "revenue", "refunded", "discount"), _MONEY),
    **dict.fromkeys(("at", "decided_at", "handed_at", "settled_at", "placed_at"), _AT),
    **dict.fromkeys(("redeemed_at", "given_at", "expires_at", "intended_at"), _AT),
    **dict.fromkeys(("accepted_at", "not_before", "created_at", "recorded_at"), _AT),
}


def tariff(line: LineId) -> Tariff:
    return Tariff(part=Decimal(PRICES[line]))


@pytest.fixture(params=["campaign.sale", "flow.cart"])
def campaign(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def made(world: World, campaign: str) -> tuple[Report, Engine]:
    await world.database.write(lambda connection: Past(connection, persons=700).write())
    question = Question(
        store=StoreName(STORE),
        campaign=Campaign(campaign),
        since=SINCE,
        until=UNTIL,
        currency="GBP",
        cost_currency="GBP",
        window=WINDOW,
    )
    return await world.database.read(
        lambda c: (measure(c, question, tariff, NOW), Engine(c, campaign))
    )


def test_every_figure_of_every_arm(made: tuple[Report, Engine]) -> None:
    report, engine = made
    arms = {name: arm for name, arm in report.arms.items() if name not in ("", "holdout")}
    assert sorted(arms) == ["offer", "plain"]
    for name, arm in arms.items():
        assert (arm.orders, arm.buyers, arm.revenue) == engine.ask(SOLD)[name]
        assert (arm.parts, arm.cost) == engine.ask(COSTS)[name]
        assert (arm.clicked,) == engine.ask(FOLLOWED)[name]
        assert (arm.opt_outs,) == engine.ask(REFUSED)[name]


def test_what_the_lift_is_made_of(made: tuple[Report, Engine]) -> None:
    report, engine = made
    expected = engine.ask(LIFTED)
    assert report.open > 0
    assert len(report.effects) == 3
    for effect in report.effects:
        for name, group in ((effect.arm, effect.group), (effect.over, effect.other)):
            assert (group.persons, group.buyers, group.revenue) == expected[name]


def test_there_is_something_to_compare(made: tuple[Report, Engine]) -> None:
    """A figure that is 0 on both sides would show nothing."""
    report, _ = made
    total = report.total
    assert min(total.orders, total.parts, total.in_doubt, total.clicked, total.opt_outs) > 10
    assert min(report.shared_clicks, report.machine_clicks, report.other_currency) > 10
