"""The slots of a campaign: who is written to when, so that every limit is kept.

Needs numpy and SciPy alone, so that the gateway's campaigns import it cheaply. It knows nothing of
how values are made (`scoring.timing`, `scoring.value`), of clocks or of lines: slots are numbered.
"""

from scoring.planner.exploration import Design, Exploration, design, explore
from scoring.planner.plan import Plan, plan
from scoring.planner.problem import Problem, problem

__all__ = [
    "Design",
    "Exploration",
    "Plan",
    "Problem",
    "design",
    "explore",
    "plan",
    "problem",
]
