"""When to write to a person: curves over the hours of the week, and which of them to believe."""

from scoring.timing.model import SendTimeModel

__all__ = ["SendTimeModel"]
