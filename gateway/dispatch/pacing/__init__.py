"""How fast and how much a line may send; pure, on the caller's clock.

`Pace` is one line's own, `SharedPace` what lines share, `Budget` how much there is of a minute, an
hour, a day and a month. A message leaves when all three let it.
"""

from gateway.dispatch.pacing.budget import Budget, Limits
from gateway.dispatch.pacing.pace import Pace, Speed
from gateway.dispatch.pacing.shared import Passage, SharedLimit, SharedPace

__all__ = ["Budget", "Limits", "Pace", "Passage", "SharedLimit", "SharedPace", "Speed"]
