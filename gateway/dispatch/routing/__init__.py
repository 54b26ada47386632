"""Which line sends what: by what it may, what it costs and how well it works. Pure."""

from gateway.dispatch.routing.choose import CostRouter
from gateway.dispatch.routing.health import HEALTHY, Health, Signs, Trials, judge

__all__ = ["HEALTHY", "CostRouter", "Health", "Signs", "Trials", "judge"]
