"""Commands and messages that are answered late, wrongly, or not at all.

On every kind of stick nothing is lost and nothing doubled, and the store is told the truth.
"""

from __future__ import annotations

import pytest
from support.scenarios import KINDS


@pytest.mark.timeout(420)
@pytest.mark.parametrize("scenario", KINDS["answer"], ids=lambda scenario: scenario.title)
def test_each_job_comes_to_its_end_once(measure, scenario) -> None:
    measure(scenario)
