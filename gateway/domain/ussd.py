"""What may be asked of a network's menus."""

from __future__ import annotations

import re
from typing import Final

_REQUEST: Final = re.compile(r"[0-9A-Za-z*#+ .,-]{1,160}")


def check_request(text: str) -> str:
    """Return a USSD request, or a reply to a menu, that goes through a modem unharmed.

    Raises:
        ValueError: it is empty, too long, or has other characters than requests have.
    """
    if not _REQUEST.fullmatch(text):
        raise ValueError(
            "is no USSD request; write up to 160 digits, letters, *, # and +, as in *100#"
        )
    return text
