"""The parts of the pipeline, in the order in which they are trained."""

from __future__ import annotations

from typing import Final

from scoring.pipeline.churn import Churn
from scoring.pipeline.parts import Part
from scoring.pipeline.recommend import Recommend
from scoring.pipeline.timing import Timing
from scoring.pipeline.uplift import Uplift
from scoring.pipeline.value import Value

PARTS: Final[tuple[Part, ...]] = (Churn(), Value(), Timing(), Recommend(), Uplift())
