"""Where somebody is led to after signing in: to a path of this console, and nowhere else. Pure."""

from __future__ import annotations

HOME = "/"


def safe_next(asked: str) -> str:
    r"""Return a path to go on to; what could lead to another site leads home.

    A browser reads ``//host`` and ``/\host`` as another site, and leaves out control characters
    before it does.
    """
    plain = asked.isascii() and asked.isprintable() and "\\" not in asked
    if not plain or not asked.startswith("/") or asked.startswith("//"):
        return HOME
    return asked
