"""SIMs that are locked again, or taken out and put back.

On every kind of stick nothing is lost and nothing doubled, and the store is told the truth.
"""

from __future__ import annotations

import pytest
from support.scenarios import KINDS


@pytest.mark.timeout(240)
@pytest.mark.parametrize("scenario", KINDS["sim"], ids=lambda scenario: scenario.title)
def test_each_job_comes_to_its_end_once(measure, scenario) -> None:
    measure(scenario)
