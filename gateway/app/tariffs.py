"""What lines cost: the tariff of the modem that holds a line, or held it last."""

from __future__ import annotations

from sqlalchemy import Connection

from gateway.app.parts import line_plans, plan_of_found
from gateway.db.lines import read_lines
from gateway.dispatch import Fleet
from gateway.domain.ids import LineId, is_carrier
from gateway.domain.tariff import FLAT, Tariff
from gateway.settings import Settings


class Tariffs:
    """Knows what the parts of each line cost, as it is configured now.

    A tariff that was another when a message went out is not known any more.
    """

    def __init__(self, connection: Connection, settings: Settings) -> None:
        self._fleet = Fleet(plans=line_plans(settings), found=plan_of_found(settings))
        self._modems = {record.id: record.modem for record in read_lines(connection)}

    def __call__(self, line: LineId) -> Tariff:
        """Return the tariff of a line; of one that nobody knows, that it costs nothing."""
        name = line if is_carrier(line) else self._modems.get(line)
        return FLAT if name is None else self._fleet.plan(name).tariff

    @property
    def mark(self) -> str:
        """What differs when a line may cost something else."""
        plans = sorted((name, str(plan.tariff)) for name, plan in self._fleet.plans.items())
        return str([plans, str(self._fleet.found.tariff), sorted(self._modems.items())])
