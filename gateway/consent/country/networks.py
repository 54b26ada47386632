"""Which country a SIM is from, by its mobile country code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


def home_country(code: str | None) -> str | None:
    """Return the country of a mobile country code, or None when it has none.

    Args:
        code: the first three digits of an IMSI (ITU-T E.212), or None when it is not known.
    """
    return None if code is None else _countries().get(code)


@cache
def _countries() -> Mapping[str, str]:
    text = (files("gateway") / "policy" / "networks.toml").read_text(encoding="utf-8")
    return {code: country for country, codes in tomllib.loads(text).items() for code in codes}
