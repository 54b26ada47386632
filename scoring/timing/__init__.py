"""When to write to a person: curves over the hours of the week, and which of them to believe."""

from scoring.timing.answers import AnswerModel
from scoring.timing.model import SendTimeModel
from scoring.timing.online import OnlineSendTime

__all__ = ["AnswerModel", "OnlineSendTime", "SendTimeModel"]
