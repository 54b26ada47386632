"""What a notebook opens: a lake, wherever it is run, and how it says what it found."""

from scoring.lab.lab import Lab, open_lab
from scoring.lab.nothing import NothingToShowError

__all__ = ["Lab", "NothingToShowError", "open_lab"]
