"""Everything that can go wrong in the simulator, as one tree.

::

    SimulatorError
    ├── AtError             an answer the host gets: a final result code
    │   ├── CmeError        +CME ERROR: n   (27.007, 9.2)
    │   ├── CmsError        +CMS ERROR: n   (27.005, 3.2.5)
    │   └── OwnWordsError   what only this kind of stick says
    ├── PduError            the host's PDU is wrong; names field and offset
    ├── FaultError          a fault that does not exist, or with an impossible value
    ├── PersonalityError    a kind of stick that does not exist, or whose description is wrong
    └── ControlError        a control command that cannot be carried out

`AtError` never leaves the modem: it is what the modem says. The others are for whoever runs it.
"""

from __future__ import annotations


class SimulatorError(Exception):
    """Root of all errors of the simulator."""


class AtError(SimulatorError):
    """A command that the modem refuses, with its result code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"{type(self).__name__} {code}")
        self.code = code


class CmeError(AtError):
    """``+CME ERROR``: the equipment refuses (27.007, 9.2)."""


class CmsError(AtError):
    """``+CMS ERROR``: the message service refuses (27.005, 3.2.5)."""


class OwnWordsError(AtError):
    """A refusal in the stick's own words, which are no code of any specification."""

    def __init__(self, words: str) -> None:
        super().__init__(0)
        self.words = words


class PduError(SimulatorError):
    """A PDU that cannot be read."""

    def __init__(self, field: str, offset: int, reason: str) -> None:
        super().__init__(f"{field} at octet {offset}: {reason}")
        self.field = field
        self.offset = offset


class FaultError(SimulatorError):
    """A fault that does not exist, or that was given an impossible value."""


class PersonalityError(SimulatorError):
    """A kind of stick that does not exist, or whose description cannot be read."""


class ControlError(SimulatorError):
    """A control command that cannot be carried out."""
