"""A fault of the configuration, said so that its operator can mend it without asking anyone.

Where it stands, the key, the value unless it is a secret, why not, and what would be right.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from gateway.domain.errors import ConfigurationError

SECRETS: Final = frozenset({"password", "pin", "token"})
"""Keys whose value is never shown."""

_MAX_SHOWN: Final = 80
"""Characters of a value that are shown; who wrote it knows the rest."""

_CREDENTIALS: Final = re.compile(r"//[^/@\s]*@")


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One thing that is wrong."""

    source: str
    """The file, or the environment variable."""
    reason: str
    """Why, and what would be right; reads on from ``key = value:``."""
    section: str = ""
    """The table as the file writes it, such as ``[[modem]] m0``."""
    key: str = ""
    value: object = None
    """As it was given; None when there is none, or it is nobody's business."""

    def __str__(self) -> str:
        shown = self.shown_value()
        subject = self.key if shown is None else f"{self.key} = {shown}"
        place = " ".join(word for word in (self.section, subject) if word)
        return ": ".join(word for word in (self.source, place, self.reason) if word)

    def shown_value(self) -> str | None:
        """Return the value as the file would write it, or None where it is not to be shown."""
        if self.value is None or self.key in SECRETS or isinstance(self.value, dict | list):
            return None
        text = json.dumps(self.value, ensure_ascii=False, default=str)
        text = _CREDENTIALS.sub("//…@", text)
        return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}…"

    def as_json(self) -> dict[str, str | None]:
        """Return it for programs."""
        return {
            "source": self.source,
            "section": self.section or None,
            "key": self.key or None,
            "value": self.shown_value(),
            "reason": self.reason,
        }


class FaultyConfigurationError(ConfigurationError):
    """Everything that is wrong with a configuration, at once.

    Attributes:
        faults: at least one.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)
