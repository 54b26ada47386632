"""From a lake to models, and from models to a table of advice: what the commands call."""

from scoring.pipeline.advice import Summary, run
from scoring.pipeline.evaluation import Evaluation, evaluate
from scoring.pipeline.training import Outcome, train
from scoring.pipeline.verdict import Verdict, check

__all__ = ["Evaluation", "Outcome", "Summary", "Verdict", "check", "evaluate", "run", "train"]
