"""The parts of the pipeline, in the order in which they are trained."""

from __future__ import annotations

from typing import Final

from scoring.pipeline.parts import Part
from scoring.pipeline.recommend import Recommend
from scoring.pipeline.timing import Timing
from scoring.pipeline.uplift import Uplift

PARTS: Final[tuple[Part, ...]] = (Timing(), Recommend(), Uplift())
